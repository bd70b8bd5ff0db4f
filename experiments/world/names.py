"""Chinese names for creators, brands, agencies, and titles for products; all made up."""

import numpy as np

from experiments.world.categories import NAMES
from experiments.world.randomness import Ints, Texts


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_PREFIXES = _words("小 阿 大 老 甜 暖 野 元气 一只 是 隔壁 南方 北方 爱笑的 会飞的")
_GIVEN = _words(
    "雨桐 子墨 安然 可可 若溪 星野 念念 知夏 一诺 嘉禾 清欢 晚晴 乐乐 木子 浅浅 "
    "青柠 橙子 桃桃 鹿鸣 南枝 十七 阿宁 云舒 半夏 言蹊 初见 明月 思远 佳宜 沐阳"
)
_FIRST = tuple("澜禾沐屿拾芷朴微知素壹青未森予光良泊初栖")
_SECOND = tuple("颜棠物间集研语选味原野行木里和客觅纪然序")
_AGENCY = _words("星轨 万象 逐浪 聚能 青禾 拾光 云上 破晓 同频 谷雨 长风 量子")
_REGIONS = _words("浙江 广东 上海 北京 江苏 四川 福建 山东 湖北 湖南 河南 陕西")
_REGION_SHARES = (0.22, 0.20, 0.10, 0.10, 0.09, 0.07, 0.05, 0.05, 0.04, 0.03, 0.03, 0.02)

_SUFFIXES = {
    "beauty": "美妆 护肤日记 爱化妆",
    "apparel": "穿搭 衣橱 的衣服",
    "food": "爱吃 零食铺 寻味",
    "daily goods": "好物 居家 生活馆",
    "digital": "数码 测评 玩科技",
    "shoes and bags": "鞋包 包袋控 箱包馆",
    "jewellery": "珠宝 首饰 翡翠",
    "kitchen appliances": "厨房 下厨房 小家电",
    "fresh food": "果园 鲜生 山货",
    "watches": "腕表 玩表 表行",
    "maternity": "妈妈 育儿 亲子",
    "sports": "运动 健身 户外",
    "furniture": "家居 装修 软装",
}
_NOUNS = {
    "beauty": "精华液 面霜 气垫粉底 口红 洁面乳 面膜 防晒霜 眼影盘",
    "apparel": "连衣裙 针织衫 羽绒服 牛仔裤 衬衫 卫衣 半身裙 西装外套",
    "food": "坚果礼盒 牛肉干 酸辣粉 曲奇 燕麦片 速溶咖啡 糕点 火锅底料",
    "daily goods": "洗衣液 抽纸 牙膏 垃圾袋 沐浴露 收纳箱 拖把 保温杯",
    "digital": "蓝牙耳机 充电宝 智能手表 平板支架 机械键盘 音箱 数据线 投影仪",
    "shoes and bags": "小白鞋 托特包 乐福鞋 双肩包 马丁靴 斜挎包 凉鞋 行李箱",
    "jewellery": "珍珠项链 银手镯 玉吊坠 耳钉 对戒 手串 锁骨链 胸针",
    "kitchen appliances": "空气炸锅 破壁机 电饭煲 养生壶 炒锅 榨汁机 电蒸锅 刀具套装",
    "fresh food": "车厘子 大闸蟹 赣南橙 牛排 三文鱼 蓝莓 榴莲 土鸡蛋",
    "watches": "机械腕表 石英表 女士手表 运动腕表 情侣对表 表带 怀表 电波表",
    "maternity": "纸尿裤 婴儿面霜 奶瓶 连体衣 儿童餐椅 孕妇枕 早教玩具 辅食机",
    "sports": "跑鞋 瑜伽垫 速干衣 哑铃 跳绳 骑行服 帐篷 筋膜枪",
    "furniture": "沙发 床垫 书桌 衣柜 餐桌椅 床头柜 人体工学椅 茶几",
}
_ADJECTIVES = _words("轻盈 经典 焕新 高颜值 加厚 便携 旗舰 天然 限定 奢润 清爽 家庭装 升级款")
_SPECS = _words("2件装 礼盒 大容量 三支装 家用 送礼 同款 秋冬 春夏 官方正品 买一送一")


def creator_names(rng: np.random.Generator, main_category: Ints) -> Texts:
    """A nickname for each creator, ending in what the creator is about."""
    endings = [_words(_SUFFIXES[str(name)]) for name in NAMES]
    n = len(main_category)
    prefix, given = rng.integers(len(_PREFIXES), size=n), rng.integers(len(_GIVEN), size=n)
    ending = rng.integers(3, size=n)
    names = [
        _PREFIXES[p] + _GIVEN[g] + endings[c][e]
        for p, g, c, e in zip(prefix, given, main_category, ending, strict=True)
    ]
    return _distinct(names)


def brand_names(rng: np.random.Generator, n: int) -> Texts:
    """A two-character name for each brand; a number is added once all have been used."""
    order = rng.permutation(len(_FIRST) * len(_SECOND))
    names = [_FIRST[i // len(_SECOND)] + _SECOND[i % len(_SECOND)] for i in order]
    return _distinct([names[i % len(names)] for i in range(n)])


def product_titles(rng: np.random.Generator, brand_name: Texts, category: Ints) -> Texts:
    """Titles such as 澜颜 焕新精华液 2件装, one for each product."""
    nouns = [_words(_NOUNS[str(name)]) for name in NAMES]
    n = len(category)
    noun, adjective = rng.integers(8, size=n), rng.integers(len(_ADJECTIVES), size=n)
    spec = rng.integers(len(_SPECS), size=n)
    titles = [
        f"{brand} {_ADJECTIVES[a]}{nouns[c][k]} {_SPECS[s]}"
        for brand, a, c, k, s in zip(brand_name, adjective, category, noun, spec, strict=True)
    ]
    return np.array(titles, dtype=object)


def agencies(rng: np.random.Generator, independent: np.ndarray) -> Texts:
    """The agency of each creator, a few agencies holding most; None for the independent."""
    weight = 1.0 / np.arange(1, len(_AGENCY) + 1)
    chosen = rng.choice(len(_AGENCY), size=len(independent), p=weight / weight.sum())
    names = np.array([name + "传媒" for name in _AGENCY], dtype=object)[chosen]
    names[independent] = None
    return names


def regions(rng: np.random.Generator, n: int) -> Texts:
    return np.array(_REGIONS, dtype=object)[rng.choice(len(_REGIONS), size=n, p=_REGION_SHARES)]


def _distinct(names: list[str]) -> Texts:
    """The same names, the second of a kind numbered 2 and so on."""
    seen: dict[str, int] = {}
    for i, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[i] = f"{name}{seen[name]}"
    return np.array(names, dtype=object)
