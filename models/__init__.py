"""What is predicted from features. This is code; trained things go to the artifact store."""
