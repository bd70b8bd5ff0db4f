"""Model card: what the forecasts of one training can be trusted for, for managers and engineers."""

from pipelines.model_card.calibration import calibration_part
from pipelines.model_card.importance import importance_part
from pipelines.model_card.limits import limits_part
from pipelines.model_card.opening import opening
from pipelines.model_card.page import Block, Page, Paragraph, Part, Points, Table
from pipelines.model_card.page import Facts as Named
from pipelines.model_card.quality import quality_part
from pipelines.model_card.source import data_part, leaks_part, missing_part
from pipelines.model_card.span import spanned
from pipelines.model_card.training import Training

PURPOSE = (
    "For: choosing whom a brand invites first, and sizing what a session may bring.",
    "For: seeing where too little is known to decide, and whom to try in order to learn.",
    "Read by: managers of creator relations; what they know of a creator comes on top.",
)
NOT_FOR = (
    "Not for: paying, dropping or judging a creator on a forecast alone.",
    "Not for: causes. Past sessions were chosen by people, not drawn by lot: that a creator's "
    "lines sell well does not say that an invitation will raise sales.",
    "Not for: one evening. A forecast is of what is to be expected; a single session strays far.",
    "Not for: pairs marked extrapolated without a second look: they lie outside what it learned.",
)
CHOICES = (
    "For: choosing whom a brand invites first, among creators it has not worked with.",
    "Not for: sales. Nothing that a session would sell is known; give sessions for that.",
    "Not for: paying, dropping or judging a creator on a score alone.",
    "Not for: pairs marked extrapolated without a second look: they lie outside what it learned.",
)


def model_card(training: Training) -> Page:
    """The card: a first screen for whoever uses the lists, below it what an engineer asks."""
    span = spanned(training.facts, training.as_of)
    return Page(
        title="How far to trust these forecasts",
        under=f"Model card of version {training.version}, which learned from "
        f"{'sessions' if training.of_collaborations is None else 'collaborations'} before "
        f"{training.as_of}. {training.verdict}",
        opening=opening(training, span),
        parts=[
            Part("What it is for", _uses(training)),
            data_part(training, span),
            missing_part(training),
            leaks_part(training),
            quality_part(training),
            calibration_part(training),
            importance_part(training),
            limits_part(training, span),
            _engineering_part(training),
        ],
    )


def _uses(training: Training) -> list[Block]:
    if training.of_collaborations is not None:
        return [Points(CHOICES)]
    return [Points(PURPOSE), Points(NOT_FOR)]


def _engineering_part(training: Training) -> Part:
    manifest = training.manifest
    return Part(
        "For engineers",
        [
            Named(
                [
                    ("registered version", training.version),
                    ("data fingerprint", str(manifest["data_fingerprint"])),
                    ("code", training.code_version),
                    *((name, str(v)) for name, v in sorted(manifest["versions"].items())),
                    ("features", f"{len(manifest['feature_names'])}"),
                ]
            ),
            Table(
                ("setting", "value"),
                [(name, f"{value}") for name, value in training.settings.as_dict().items()],
                "Settings",
            ),
            Paragraph(
                "The run in MLflow holds the parameters, every figure by target, predictor and "
                "slice, leaderboard.csv, the plots and the model's own files.",
                soft=True,
            ),
        ],
    )
