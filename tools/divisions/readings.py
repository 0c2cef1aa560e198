"""Pinyin initials (拼音首字母) of Chinese place names.

pypinyin gives the reading; two tables below correct what its general-purpose dictionary gets wrong in
place names (it reads 长 alone as "zhang", 朝阳 as "zhaoyang", 马尾 as "mayi" ...). Only first letters matter here.
"""

import itertools
import unicodedata

from pypinyin import Style, load_phrases_dict, load_single_dict, pinyin

# Characters with readings that differ in the first letter and are met in place names.
# First letter = the reading taken when no phrase decides; the others are offered as alternatives.
POLYPHONIC = {
    "长": "cz", "重": "cz", "朝": "cz", "厦": "xs", "藏": "zc", "乐": "ly", "曾": "zc", "翟": "zd",
    "单": "sd", "解": "xj", "茄": "qj", "覃": "qt", "仇": "qc", "查": "cz", "圈": "qj", "堡": "bp",
    "陂": "bp", "埔": "pb", "圩": "wx", "涌": "yc", "番": "fp", "行": "xh", "校": "xj", "阿": "ae",
    "蔚": "wy", "尉": "wy", "乾": "qg", "栎": "ly", "涡": "wg", "浍": "hk", "枞": "cz", "歙": "sx",
    "浚": "jx", "莘": "sx", "铅": "qy", "泌": "mb", "剡": "sy", "浒": "hx", "峒": "dt", "垌": "dt",
    "弄": "nl", "蛤": "hg", "虾": "xh", "呷": "gx", "戛": "jg", "夹": "jg", "咀": "zj", "坬": "gw",
    "秘": "mb", "茜": "qx", "荥": "xy", "传": "cz", "调": "dt", "强": "qj", "晟": "sc", "粘": "zn",
    "折": "zs", "伽": "jgq", "降": "jx", "吓": "xh", "畜": "xc", "拗": "an", "凹": "aw", "郇": "hx",
    "阚": "kh", "乜": "nm", "犍": "qj", "洞": "dt", "沈": "sc", "卡": "kq", "会": "hk", "车": "cj",
    "盖": "gh", "召": "zs", "种": "zc", "宿": "sx", "屏": "pb", "盛": "sc", "石": "sd", "六": "l",
    "柏": "b", "泊": "pb", "繁": "fp", "贾": "jg", "隗": "wk", "都": "d", "巷": "xh", "奇": "qj",
}
# Alternatives so rare in names that offering them would be noise: the default is taken, nothing else.
_NO_ALTERNATIVE = set("会车洞石沈盖种宿盛屏泊繁贾奇盛巷校阿卡")

# Full readings for the defaults above (tones are irrelevant).
_SINGLE = {
    "长": "cháng", "重": "chóng", "朝": "cháo", "厦": "xià", "藏": "zàng", "曾": "zēng", "翟": "zhái",
    "单": "shàn", "解": "xiè", "茄": "qié", "覃": "qín", "仇": "qiú", "咀": "zuǐ", "晟": "shèng",
    "阚": "kàn", "乜": "niè", "犍": "qián", "吓": "xià", "畜": "xù", "召": "zhào", "种": "zhǒng",
    "歙": "shè", "莘": "shēn", "呷": "gā", "坳": "ào", "拗": "ào", "卜": "bǔ", "涡": "wō", "枞": "cōng",
    "浍": "huì", "秘": "mì", "荥": "xíng", "浚": "jùn", "蛤": "há", "伽": "jiā", "粘": "zhān",
}

# Readings that hold for a whole word of a name (district and county names first, then dictionary traps).
PLACES = {
    "重庆": "chóng qìng", "长沙": "cháng shā", "长春": "cháng chūn", "长治": "cháng zhì",
    "长子县": "zhǎng zǐ xiàn", "朝阳": "cháo yáng", "朝鲜": "cháo xiǎn", "厦门": "xià mén",
    "西藏": "xī zàng", "藏族": "zàng zú", "乐清": "yuè qīng", "乐亭": "lào tíng", "民乐": "mín lè",
    "尉犁": "yù lí", "蔚县": "yù xiàn", "洪洞": "hóng tóng", "铅山": "yán shān", "六安": "lù ān",
    "六合": "lù hé", "浚县": "xùn xiàn", "单县": "shàn xiàn", "莘县": "shēn xiàn", "莘庄": "xīn zhuāng",
    "番禺": "pān yú", "黄埔": "huáng pǔ", "大埔": "dà bù", "黄陂": "huáng pí", "涡阳": "guō yáng",
    "枞阳": "zōng yáng", "东阿": "dōng ē", "歙县": "shè xiàn", "犍为": "qián wéi", "荥阳": "xíng yáng",
    "荥经": "yíng jīng", "泌阳": "bì yáng", "浒墅关": "xǔ shù guān", "浒湾": "xǔ wān", "吴堡": "wú bǔ",
    "单城": "shàn chéng", "崆峒": "kōng tóng", "解州": "hài zhōu", "浪卡子": "làng kǎ zǐ",
    "马尾": "mǎ wěi", "调兵山": "diào bīng shān", "伽师": "jiā shī", "强巴": "qiáng bā",
    "尉氏": "wèi shì", "宿州": "sù zhōu", "宿迁": "sù qiān", "宿松": "sù sōng", "曾都": "zēng dū",
    "阿坝": "ā bà", "句容": "jù róng", "会稽": "kuài jī", "渑池": "miǎn chí", "剡溪": "shàn xī",
    "嵊州": "shèng zhōu", "乾安": "qián ān", "乾县": "qián xiàn", "东莞": "dōng guǎn",
    "番茄": "fān qié", "茄子": "qié zǐ", "尉迟": "yù chí", "太行": "tài háng", "闵行": "mǐn háng",
    "银行": "yín háng", "商行": "shāng háng", "七里铺": "qī lǐ pù", "瓦窑堡": "wǎ yáo bǔ",
    "十里堡": "shí lǐ pù", "大厦": "dà shà", "校场": "jiào chǎng", "会计": "kuài jì",
    "校尉": "xiào wèi", "重点": "zhòng diǎn", "重工": "zhòng gōng", "重型": "zhòng xíng",
    "重机": "zhòng jī", "保险": "bǎo xiǎn", "朝霞": "zhāo xiá", "朝晖": "zhāo huī", "音乐": "yīn yuè",
    "新乐": "xīn lè", "静乐": "jìng lè", "乐平": "lè píng", "昌乐": "chāng lè", "南乐": "nán lè", "乐昌": "lè chāng",
    "平乐": "píng lè", "乐业": "lè yè", "乐东": "lè dōng", "乐山": "lè shān", "乐至": "lè zhì", "康乐": "kāng lè",
    "乐都": "lè dū", "博乐": "bó lè", "将乐": "jiāng lè", "乐安": "lè ān", "乐陵": "lè líng", "长乐": "cháng lè",
    "长安": "cháng ān", "长海": "cháng hǎi", "弓长岭": "gōng cháng lǐng", "长白": "cháng bái", "长宁": "cháng níng",
    "长兴": "cháng xīng", "长丰": "cháng fēng", "天长": "tiān cháng", "长泰": "cháng tài", "长汀": "cháng tīng",
    "长清": "cháng qīng", "长垣": "cháng yuán", "长葛": "cháng gě", "长阳": "cháng yáng", "长洲": "cháng zhōu",
    "长寿": "cháng shòu", "长顺": "cháng shùn", "长武": "cháng wǔ", "延长": "yán cháng", "子长": "zǐ cháng",
    "长江": "cháng jiāng", "长城": "cháng chéng", "行唐": "xíng táng", "行政": "xíng zhèng", "枣强": "zǎo qiáng",
    "武强": "wǔ qiáng", "宁强": "níng qiáng", "鲅鱼圈": "bà yú quān", "解放": "jiě fàng", "召陵": "shào líng",
    "南召": "nán zhào", "回龙圩": "huí lóng xū", "龙圩": "lóng xū", "朝天": "cháo tiān", "夹江": "jiā jiāng",
    "加查": "jiā chá", "察布查尔": "chá bù chá ěr", "红寺堡": "hóng sì pù", "吐鲁番": "tǔ lǔ fān", "藏青": "zàng qīng",
    "筠连": "jūn lián", "宕昌": "dàng chāng", "大城": "dài chéng", "繁峙": "fán shì",
    # Traps: entries of the general dictionary that are wrong in names.
    "冯河": "féng hé", "贾马": "jiǎ mǎ", "巷道": "xiàng dào", "平巷": "píng xiàng", "西乐": "xī lè",
    "家长": "jiā cháng", "村长": "cūn cháng", "会长": "huì cháng", "市长": "shì cháng",
    "县长": "xiàn cháng", "区长": "qū cháng", "乡长": "xiāng cháng", "镇长": "zhèn cháng",
    "老圩场": "lǎo xū chǎng",
}

# 圩 is "wei" (dyke) along the lower Yangtze and "xu" (market) in the south; 涌 is "chong" (creek) in Guangdong.
_SOUTH_XU = {"35", "36", "43", "44", "45", "46", "53"}

# Characters the dictionary does not know. 𰝟渡镇 511725113 is 鲜渡镇 in the other list.
_EXTRA = {"𰝟": "xiān"}

_ready = False


def _prepare():
    global _ready
    if _ready:
        return
    load_single_dict({ord(char): reading for char, reading in {**_SINGLE, **_EXTRA}.items()})
    load_phrases_dict({word: [[part] for part in reading.split()] for word, reading in PLACES.items()})
    _ready = True


def _first_letter(reading):
    """'lǜ' -> 'l'; non-Chinese characters: letters lower-cased, digits kept, anything else dropped."""
    letter = unicodedata.normalize("NFKD", reading)[:1].lower()
    return letter if letter.isascii() and letter.isalnum() else ""


def letters(name, province=""):
    """One letter (or an empty string) for each character of `name`."""
    _prepare()
    found = [reading[0] for reading in pinyin(name, style=Style.NORMAL, errors=lambda run: [[c] for c in run])]
    if len(found) != len(name):
        raise ValueError(f"reading does not align: {name} {found}")
    out = []
    for char, reading in zip(name, found):
        letter = _first_letter(reading)
        if char == "圩" and province in _SOUTH_XU:
            letter = "x"
        elif char == "涌" and province == "44":
            letter = "c"
        out.append(letter)
    return out


def initials(name, province=""):
    """Lower-case pinyin initials: 鼎城区 -> dcq."""
    return "".join(letters(name, province))


def alternatives(name, province="", limit=4):
    """Other plausible initials when a character of the name has several readings; at most `limit`."""
    base = letters(name, province)
    settled = set()
    for word in PLACES:
        at = name.find(word)
        while at >= 0:
            settled.update(range(at, at + len(word)))
            at = name.find(word, at + 1)
    options = []
    for position, char in enumerate(name):
        known = POLYPHONIC.get(char, "")
        other = [letter for letter in known if letter != base[position]]
        if other and position not in settled and char not in _NO_ALTERNATIVE:
            options.append((position, other))
    out = []
    for size in range(1, len(options) + 1):
        for chosen in itertools.combinations(options, size):
            for picked in itertools.product(*(other for _, other in chosen)):
                changed = list(base)
                for (position, _), letter in zip(chosen, picked):
                    changed[position] = letter
                word = "".join(changed)
                if word not in out:
                    out.append(word)
                if len(out) == limit:
                    return out
    return out
