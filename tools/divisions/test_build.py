"""python3 -m unittest, in this folder, with requirements.txt installed."""

import unittest

import build
import readings


class Initials(unittest.TestCase):
    def test_plain_and_phrases(self):
        for name, wanted in {
            "重庆市": "cqs", "鼎城区": "dcq", "九龙坡区": "jlpq", "长沙市": "css", "朝阳区": "cyq", "厦门市": "xms",
            "六安市": "las", "乐清市": "yqs", "蔚县": "yx", "单县": "sx", "长子县": "zzx", "浪卡子县": "lkzx",
            "洪洞县": "htx", "番禺区": "pyq", "马尾区": "mwq", "女娲镇": "nwz", "西藏自治区": "xzzzq", "冯河村": "fhc",
        }.items():
            self.assertEqual(readings.initials(name), wanted, name)

    def test_other_characters(self):
        self.assertEqual(readings.initials("A1栋（二）社区"), "a1desq")
        self.assertEqual(readings.initials("幸福ｅ家２号"), "xfej2h")
        self.assertEqual(readings.initials("\ue170村"), "c")

    def test_province_decides(self):
        self.assertEqual(readings.initials("沙圩镇", "44"), "sxz")
        self.assertEqual(readings.initials("沙圩镇", "32"), "swz")
        self.assertEqual(readings.initials("沙涌村", "44"), "scc")

    def test_alternatives(self):
        self.assertEqual(readings.alternatives("长岭镇"), ["zlz"])
        self.assertEqual(readings.alternatives("重庆市"), [])
        self.assertEqual(readings.alternatives("鼎城区"), [])
        self.assertLessEqual(len(readings.alternatives("长乐堡单重镇")), 4)


class Names(unittest.TestCase):
    def test_normal(self):
        above = ("四平市铁东区", "铁东区")
        for one, other in (
            ("城东街道办事处", "城东街道"), ("古美路街道", "古美街道"), ("洪山街街道", "洪山街道"),
            ("鸡林朝鲜族乡", "鸡林乡"), ("二酉苗族乡", "二酉乡"), ("龙井仡佬族侗族乡", "龙井侗族仡佬族乡"),
            ("前山哈萨克民族乡", "前山哈萨克族乡"), ("四平市铁东区叶赫满族镇", "叶赫镇"), ("铁东区叶赫镇", "叶赫镇"),
            ("北关街道（撤销）", "北关街道"), ("庆华街道地区", "庆华街道"),
        ):
            self.assertEqual(build.normal(one, above), build.normal(other, above), (one, other))

    def test_normal_keeps_what_differs(self):
        for one, other in (("枣园乡", "枣园镇"), ("四族镇", "四镇"), ("民族乡", "乡"), ("大街街道", "大街道")):
            self.assertNotEqual(build.normal(one), build.normal(other), (one, other))
        self.assertEqual(build.normal("铁东区街道", ("铁东区",)), "铁东区街道")

    def test_base(self):
        self.assertEqual({build.base(name) for name in ("枣园乡", "枣园镇", "枣园街道", "枣园地区", "枣园回族乡")}, {"枣园"})

    def test_distance(self):
        for one, other, wanted in (("万福店", "万福", True), ("依肯苏", "依克苏", True), ("甲乙", "甲乙", True),
                                   ("甲乙", "丙丁", False), ("甲", "甲乙丙", False), ("甲乙丙", "乙丙甲", False)):
            self.assertEqual(build.distance_at_most_one(one, other), wanted, (one, other))


class Kinds(unittest.TestCase):
    def test_township(self):
        for name, code, wanted in (
            ("玉霞街道", "430703001", "subdistrict"), ("保康街道办事处", "150521403", "subdistrict"),
            ("南磨房地区", "110105021", "subdistrict"), ("石门桥镇", "430703115", "town"), ("黑石乡", "430703200", "township"),
            ("许家桥回族维吾尔族乡", "430703204", "ethnic_township"), ("大南沟乌孜别克乡", "652325200", "ethnic_township"),
            ("东乡镇", "360000100", "town"), ("南沙苏木", "150000200", "sumu"), ("花岩溪林场", "430703502", "farm"),
            ("贺家山原种场", "430703503", "farm"), ("兵团一三七团", "654223509", "farm"), ("苇河林业局", "230183401", "other_like_township"),
            ("首都机场", "110000400", "other_like_township"), ("高新技术产业开发区", "430000400", "zone"),
            ("信阳国际家居产业小镇", "411502410", "zone"), ("汤逊水库", "420000400", "reservoir"),
            ("徽州区直辖村级区划", "341004198", "other_like_township"), ("高明监狱", "440608400", "other_like_township"),
            ("赵家蓬区公所", "130731500", "other_like_township"), ("上海城（东渚街道）", "320505407", "zone"),
        ):
            self.assertEqual(build.township_kind(name, code), wanted, name)

    def test_village(self):
        for number, wanted in (("001", "residents_committee"), ("199", "residents_committee"), ("200", "village_committee"),
                               ("399", "village_committee"), ("400", "like_residents"), ("598", "like_village"),
                               ("000", "other_village"), ("600", "other_village")):
            self.assertEqual(build.village_kind("430703001" + number), wanted)

    def test_county_and_above(self):
        for name, code, wanted in (
            ("鼎城区", "430703", "district"), ("仙桃市", "429004", "county_city"), ("石家庄高新技术产业开发区", "130171", "zone"),
            ("神农架林区", "429021", "forest_district"), ("碑林区", "610103", "district"), ("六枝特区", "520203", "special_district"),
            ("芷江侗族自治县", "431228", "autonomous_county"), ("陈巴尔虎旗", "150725", "banner"), ("加格达奇区", "232761", "special_district"),
            ("鄂温克族自治旗", "150724", "autonomous_banner"), ("岑岭县", "653132", "county"),
        ):
            self.assertEqual(build.county_kind(name, code), wanted, name)
        self.assertEqual(build.prefecture_kind("省直辖县级行政区划"), "filler")
        self.assertEqual(build.prefecture_kind("大理白族自治州"), "autonomous_prefecture")
        self.assertEqual(build.province_kind("重庆市", "50"), "municipality")


class Matching(unittest.TestCase):
    def test_names_decide_never_codes(self):
        stat = [("430703115", "石门桥镇"), ("430703122", "花岩溪镇"), ("430703502", "花岩溪林场")]
        civil = [("430703119", "花岩溪镇"), ("430703122", "石门桥镇"), ("430703123", "祝丰镇")]
        pairs, left, right = build.match_townships(stat, civil)
        self.assertEqual(pairs, [(("430703115", "石门桥镇"), ("430703122", "石门桥镇"), False),
                                 (("430703122", "花岩溪镇"), ("430703119", "花岩溪镇"), False)])
        self.assertEqual((left, right), ([("430703502", "花岩溪林场")], [("430703123", "祝丰镇")]))

    def test_fuzzy_only_when_unambiguous(self):
        pairs, left, right = build.match_townships([("1", "鸡林乡")], [("2", "鸡林朝鲜族乡")])
        self.assertEqual((len(pairs), pairs[0][2], left, right), (1, True, [], []))
        pairs, _, _ = build.match_townships([("1", "鸡林乡")], [("2", "鸡林朝鲜族乡"), ("3", "鸡林满族乡")])
        self.assertEqual(pairs, [])

    def test_beijing_district_offices(self):
        pairs, _, _ = build.match_townships([("1", "常营地区")], [("1", "常营回族乡")])
        self.assertEqual(len(pairs), 1)
        pairs, _, _ = build.match_townships([("1", "枣园乡")], [("2", "枣园镇")])
        self.assertEqual(pairs, [])

    def test_candidates(self):
        found = build.similar_townships(
            [("1", "枣园乡"), ("5", "沈伦镇"), ("9", "东风林场")], [("2", "枣园镇"), ("5", "沈𫭢镇"), ("8", "东风镇")])
        self.assertEqual([(reason, a[1], b[1]) for reason, a, b in found],
                         [("county_name_similar", "枣园乡", "枣园镇"), ("same_code_other_name", "沈伦镇", "沈𫭢镇")])


ROWS = {
    1: [("42", "湖北省"), ("44", "广东省"), ("50", "重庆市")],
    2: [("4201", "武汉市"), ("4290", "省直辖县级行政区划"), ("4419", "东莞市"), ("5001", "市辖区")],
    3: [("420102", "江岸区"), ("429004", "仙桃市"), ("441900", "东莞市"), ("500105", "江北区"), ("500107", "九龙坡区")],
    4: [("420102002", "大智街道"), ("420102003", "一元街道"), ("429004001", "沙嘴街道"), ("441900003", "东城街道"),
        ("500105005", "寸滩街道"), ("500107001", "杨家坪街道")],
    5: [("420102002001", "铁路社区居委会"), ("441900003001", "岗贝社区居委会")],
}
DIVISIONS = {"provinces": {
    "湖北省": {"code": "420000000000", "cities": {
        "武汉市": {"code": "420100000000", "counties": {"江岸区": "420102000000"}},
        "": {"code": None, "counties": {"仙桃市": "429004000000"}}}},
    "广东省": {"code": "440000000000", "cities": {"东莞市": {"code": "441900000000", "counties": {}}}},
    "重庆市": {"code": "500000000000", "cities": {"": {"code": None, "counties": {
        "九龙坡区": "500107000000", "两江新区": "500157000000"}}}},
    "台湾省": {"code": "710000000000", "cities": {}},
}}
TOWNSHIPS = {
    "420102000000": {"county": "江岸区", "townships": {"大智街道": "420102002000", "一元街道（撤销）": "420102013000",
                                                     "谌家矶街道（撤销）": "420102019000"}},
    "429004000000": {"county": "仙桃市", "townships": {"沙嘴街道": "429004001000", "杜湖街道": "429004004000"}},
    "500107000000": {"county": "九龙坡区", "townships": {"杨家坪街道": "500107001000"}},
    "500157000000": {"county": "两江新区", "townships": {"寸滩街道": "500157004000"}},
}


class Tree(unittest.TestCase):
    def setUp(self):
        self.root, by_code = build.build_stat(ROWS)
        self.reviews = build.join(self.root, by_code, build.read_civil(DIVISIONS, TOWNSHIPS))
        text = build.text_of(self.root, [], self.reviews)
        self.header, self.rows, _, _ = build.parse(text)
        self.by_stat = {row["stat"]: row for row in self.rows if row["stat"]}
        self.by_civil = {row["civil"]: row for row in self.rows if row["civil"]}

    def above(self, code):
        row = (self.by_stat.get(code) or self.by_civil.get(code))
        return self.rows[row["parent"] - 1]["name"]

    def test_nothing_hangs_below_fillers(self):
        self.assertEqual(self.above("429004"), "湖北省")
        self.assertEqual(self.above("420102"), "武汉市")
        self.assertEqual(self.above("500107"), "重庆市")
        self.assertEqual(self.rows[self.by_stat["441900003"]["parent"] - 1]["stat"], "4419")
        self.assertEqual({row["stat"] for row in self.rows if row["kind"] == "filler"}, {"4290", "441900", "5001"})

    def test_every_source_row_is_there(self):
        self.assertEqual(self.header["counts"]["stat"], {"1": 3, "2": 4, "3": 5, "4": 6, "5": 2})
        self.assertEqual(self.header["counts"]["civil"], {"1": 4, "2": 2, "3": 4, "4": 7})
        self.assertEqual(self.header["civil_places_without_townships"], ["4419"])

    def test_flags(self):
        self.assertEqual(self.by_stat["420102002"]["flags"], [])
        self.assertEqual(self.by_stat["420102003"]["flags"], ["code_differs", "abolished"])
        self.assertEqual(self.by_stat["420102003"]["civil"], "420102013")
        self.assertEqual(self.by_civil["420102019"]["flags"], ["civil_only", "abolished"])
        self.assertEqual(self.by_civil["420102019"]["name"], "谌家矶街道")
        self.assertEqual(self.by_stat["441900003"]["flags"], ["stat_only"])
        self.assertEqual(self.by_civil["71"]["flags"], ["civil_only"])

    def test_reviews(self):
        self.assertIn(("moved_county", "500105", "500105005", "寸滩街道", "500157004", "寸滩街道"), self.reviews)
        self.assertIn(("civil_only", "500157", "", "", "500157", "两江新区"), self.reviews)
        self.assertIn(("civil_only", "429004", "", "", "429004004", "杜湖街道"), self.reviews)
        self.assertIn(("stat_only", "500105", "500105", "江北区", "", ""), self.reviews)
        self.assertEqual(len(self.reviews), 4)  # nothing about 东莞, whose townships the civil list does not give

    def test_codes6(self):
        events = [("1990", "更名", "510202", "市中区", "510202", "老城区", ""), ("1997", "撤销", "", "", "510202", "渝中区", "")]
        codes = dict(build.old_codes(self.root, events))
        self.assertEqual((codes["510202"], codes["441900"], codes["420000"]), ("渝中区", "东莞市", "湖北省"))


class Writing(unittest.TestCase):
    def test_short_codes(self):
        for code, above, text in (("4307", "43", "+07"), ("429004", "42", "+9004"), ("500157", "", "500157"), ("430703", "4309", "430703")):
            self.assertEqual(build.short(code, above), text)
            self.assertEqual(build.long(text, above), code)


if __name__ == "__main__":
    unittest.main()
