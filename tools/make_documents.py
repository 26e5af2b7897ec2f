"""Make the PDF files of vectors/documents: run once, the results are committed.

    python tools/make_documents.py [--font PATH] [--out DIR]

Needs fonttools and Noto Sans CJK (Debian: fonts-noto-cjk, SIL Open Font License 1.1). The text is English and Chinese,
set in an embedded subset of the font (CIDFontType0C, Identity-H, ToUnicode). Content streams are written uncompressed, so
that a single changed byte can change a single printed character. The output depends on the inputs alone.
"""

from __future__ import annotations

import argparse
import hashlib
import zlib
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED_CHINESE = 2
"""Number of the font `Noto Sans CJK SC` in the collection."""
WIDTH, HEIGHT = 595, 842
"""A4 in points."""
LEFT, RIGHT = 50, 545
BLUE = "0.10 0.23 0.42"
GREY = "0.42 0.42 0.42"
BLACK = "0 0 0"


class Font:
    """The font, and which of its characters were used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        font = TTFont(path, fontNumber=SIMPLIFIED_CHINESE, lazy=True)
        self._cmap = font.getBestCmap()
        self._metrics = font["hmtx"].metrics
        self.used: dict[int, str] = {}
        """Character by CID."""

    def cid(self, char: str) -> int:
        """CID of a character: the glyphs of this CID-keyed font are named `cidNNNNN`."""
        number = int(self._cmap[ord(char)].removeprefix("cid"))
        self.used[number] = char
        return number

    def advance(self, char: str) -> int:
        """Width in thousandths of the size."""
        return int(self._metrics[self._cmap[ord(char)]][0])

    def width(self, text: str, size: float) -> float:
        """Width of the text in points."""
        return sum(map(self.advance, text)) * size / 1000

    def cff(self) -> bytes:
        """CFF table with the used glyphs; CIDs stay as they are."""
        options = subset.Options(hinting=False, desubroutinize=True, layout_features=[], notdef_outline=True)
        font = TTFont(self._path, fontNumber=SIMPLIFIED_CHINESE, recalcTimestamp=False)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(char) for char in self.used.values()])
        subsetter.subset(font)
        stream = BytesIO()
        font.save(stream)
        return bytes(TTFont(BytesIO(stream.getvalue())).reader["CFF "])


class Page:
    """One page: text, lines and boxes, from the top down."""

    def __init__(self, font: Font) -> None:
        self._font = font
        self._parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.5,
        bold: bool = False,
        colour: str = BLACK,
        align: str = "left",
    ) -> None:
        """One line of text, its baseline at y."""
        width = self._font.width(text, size)
        x -= {"left": 0, "centre": width / 2, "right": width}[align]
        codes = "".join(f"{self._font.cid(char):04X}" for char in text)
        heavy = f"2 Tr {size / 32:.2f} w" if bold else "0 Tr"
        self._parts.append(f"BT {colour} rg {colour} RG {heavy} /F1 {size:g} Tf {x:.2f} {y:.2f} Td <{codes}> Tj ET")

    def paragraph(
        self, x: float, y: float, width: float, text: str, *, size: float = 8.5, leading: float = 11.5
    ) -> float:
        """Text broken into lines; gives the next free baseline."""
        line = ""
        for word in _words(text):
            if self._font.width((line + word).rstrip(), size) > width and line:
                self.text(x, y, line.rstrip(), size=size)
                y -= leading
                line = word.lstrip()
            else:
                line += word
        self.text(x, y, line.rstrip(), size=size)
        return y - leading

    def line(self, x1: float, y1: float, x2: float, y2: float, *, width: float = 0.5, colour: str = GREY) -> None:
        """A straight line."""
        self._parts.append(f"{colour} RG {width:g} w {x1:g} {y1:g} m {x2:g} {y2:g} l S")

    def box(self, x: float, y: float, w: float, h: float, *, fill: str | None = None) -> None:
        """A rectangle, y its lower side; filled or outlined."""
        if fill:
            self._parts.append(f"{fill} rg {x:g} {y:g} {w:g} {h:g} re f")
        else:
            self._parts.append(f"{GREY} RG 0.5 w {x:g} {y:g} {w:g} {h:g} re S")

    def content(self) -> bytes:
        """The content stream."""
        return "\n".join(self._parts).encode("ascii")


def _words(text: str) -> list[str]:
    """Where a line may break: after a space, and after every Chinese character that no closing mark follows."""
    words, word = [], ""
    for index, char in enumerate(text):
        word += char
        following = text[index + 1 : index + 2]
        if char == " " or (ord(char) > 0x2E80 and following not in tuple("，。；：、）》") and char not in "（《"):
            words.append(word)
            word = ""
    return [*words, word]


def contract(page: Page) -> None:
    """A cross-border sales contract."""
    page.box(0, HEIGHT - 8, WIDTH, 8, fill=BLUE)
    page.text(WIDTH / 2, 792, "SALES CONTRACT", size=19, bold=True, colour=BLUE, align="centre")
    page.text(WIDTH / 2, 770, "国际货物买卖合同", size=14, bold=True, colour=BLUE, align="centre")
    page.text(LEFT, 748, "Contract No. 合同编号: TEST-SC-2026-0301", size=8.5)
    page.text(RIGHT, 748, "Date 签订日期: 2026-03-01    Place 签订地点: Shenzhen 深圳", size=8.5, align="right")
    page.line(LEFT, 741, RIGHT, 741, width=1, colour=BLUE)
    parties = (
        (
            "THE SELLER 卖方",
            "TEST Lingnan Optics Manufacturing Co., Ltd.",
            "测试岭南光学制造有限公司",
            "TEST Industrial Park 1, Shenzhen, China",
            "Identifier 统一编号: TEST-CN-0000001",
        ),
        (
            "THE BUYER 买方",
            "TEST Nordhafen Handels GmbH",
            "测试北港贸易有限公司",
            "TEST Kai 2, Hamburg, Germany",
            "Identifier 编号: TEST-EU-0000002",
        ),
    )
    for index, (role, *lines) in enumerate(parties):
        x = LEFT + index * 252
        page.box(x, 668, 243, 64)
        page.text(x + 7, 719, role, size=8.5, bold=True, colour=BLUE)
        for row, line in enumerate(lines):
            page.text(x + 7, 707 - 11 * row, line, size=8)
    y = page.paragraph(
        LEFT,
        652,
        RIGHT - LEFT,
        "The Seller agrees to sell and the Buyer agrees to buy the goods below on the terms and conditions of this contract. "
        "买卖双方同意按下列条款由卖方出售、买方购进下列货物：",
    )
    y = _table(
        page,
        y - 2,
        (
            ("Item 项", 30),
            ("Description of goods 货物名称及规格", 220),
            ("Quantity 数量", 75),
            ("Unit price 单价", 80),
            ("Amount 金额", 90),
        ),
        (
            ("1", "Optical lens assembly 光学镜头组件 LA-50", "2,000 pcs 件", "USD 36.50", "USD 73,000.00"),
            ("2", "Lens controller board 镜头控制板 CB-7", "2,000 pcs 件", "USD 12.80", "USD 25,600.00"),
            ("3", "Mounting kit 安装套件 MK-3", "500 sets 套", "USD 9.20", "USD 4,600.00"),
        ),
        total="Total CIF Hamburg 合计: USD 103,200.00",
    )
    clauses = (
        (
            "Delivery 交货",
            "Shipment from Shenzhen not later than 2026-04-15, partial shipments not allowed. "
            "不迟于2026年4月15日自深圳港装运，不允许分批装运。",
        ),
        (
            "Payment 付款",
            "By irrevocable letter of credit at sight, opened within 14 days of signing. "
            "买方应在签订后14日内开立不可撤销的即期信用证。",
        ),
        (
            "Documents 单据",
            "Electronic bill of lading, commercial invoice and packing list, each with an electronic signature. "
            "电子提单、商业发票和装箱单，均须附有电子签名。",
        ),
        (
            "Quality 质量",
            "The goods shall conform to the agreed specification; claims within 30 days of arrival. "
            "货物须符合约定规格，到货后30日内可提出索赔。",
        ),
        (
            "Insurance 保险",
            "To be effected by the Seller for 110 % of the invoice value, all risks. "
            "由卖方按发票金额的110%投保一切险。",
        ),
        (
            "Force majeure 不可抗力",
            "Neither party is liable for delay caused by events beyond its control, notified within 7 days. "
            "因不可抗力造成的延误，经七日内通知，当事人不承担责任。",
        ),
        (
            "Electronic signature 电子签名",
            "The parties sign by reliable electronic signatures and recognise each other's "
            "certificates as agreed in annex A. 双方以可靠的电子签名签署，并依附件A相互承认对方的电子认证证书。",
        ),
        (
            "Arbitration 仲裁",
            "Disputes shall be settled by arbitration in Hong Kong. 争议提交香港仲裁解决，裁决是终局的。",
        ),
        ("Language 文本", "Both languages are equally authentic. 中英文本具有同等效力。"),
    )
    for number, (title, body) in enumerate(clauses, 1):
        page.text(LEFT, y, f"{number}.  {title}", size=8.5, bold=True, colour=BLUE)
        y = page.paragraph(LEFT + 16, y - 12, RIGHT - LEFT - 16, body) - 4
    for index, title in enumerate(("For the Seller 卖方代表", "For the Buyer 买方代表")):
        x = LEFT + index * 252
        page.text(x, 130, title, size=8.5, bold=True)
        page.line(x, 92, x + 225, 92)
        page.text(x, 81, "Authorised electronic signature 授权电子签名", size=7.5, colour=GREY)
    _footer(page, "TEST-SC-2026-0301")


def bill_of_lading(page: Page) -> None:
    """An electronic bill of lading."""
    page.box(0, HEIGHT - 8, WIDTH, 8, fill=BLUE)
    page.text(LEFT, 796, "TEST Pearl Delta Ocean Line", size=13, bold=True, colour=BLUE)
    page.text(LEFT, 780, "测试珠江远洋运输公司 (carrier 承运人)", size=8.5)
    page.text(RIGHT, 796, "ELECTRONIC BILL OF LADING", size=13, bold=True, colour=BLUE, align="right")
    page.text(RIGHT, 780, "电子提单   NEGOTIABLE 可转让   ORIGINAL 正本", size=8.5, align="right")
    cells = (
        (
            LEFT,
            714,
            262,
            56,
            "Shipper 托运人",
            ("TEST Lingnan Optics Manufacturing Co., Ltd.", "测试岭南光学制造有限公司", "Shenzhen, China 中国深圳"),
        ),
        (
            LEFT + 262,
            714,
            233,
            56,
            "B/L No. 提单编号",
            ("TEST-BL-20260301-7781", "Booking 订舱号: TEST-BK-4410", "Number of originals 正本份数: 1"),
        ),
        (
            LEFT,
            658,
            262,
            56,
            "Consignee 收货人",
            ("TO ORDER OF TEST Nordhafen Handels GmbH", "凭测试北港贸易有限公司指示", "Hamburg, Germany 德国汉堡"),
        ),
        (
            LEFT + 262,
            658,
            233,
            56,
            "Platform 电子提单平台",
            (
                "TEST eBL Registry 测试电子提单登记平台",
                "Title reference 权利编号: TEST-T-0042",
                "Control 控制人: shipper 托运人",
            ),
        ),
        (
            LEFT,
            602,
            262,
            56,
            "Notify party 通知方",
            ("TEST Elbe Forwarding GmbH", "测试易北河货运代理", "Hamburg, Germany 德国汉堡"),
        ),
        (
            LEFT + 262,
            602,
            233,
            56,
            "Freight 运费",
            ("FREIGHT PREPAID 运费预付", "Contract 合同: TEST-SC-2026-0301", "Terms 贸易术语: CIF Hamburg"),
        ),
        (LEFT, 562, 165, 40, "Vessel / Voyage 船名航次", ("MV TEST HARMONY 测试和谐轮 / 026W",)),
        (LEFT + 165, 562, 165, 40, "Port of loading 装货港", ("Yantian, Shenzhen 深圳盐田",)),
        (LEFT + 330, 562, 165, 40, "Port of discharge 卸货港", ("Hamburg, Germany 德国汉堡",)),
    )
    for x, y, w, h, title, lines in cells:
        page.box(x, y, w, h)
        page.text(x + 5, y + h - 10, title, size=7, bold=True, colour=BLUE)
        for row, line in enumerate(lines):
            page.text(x + 5, y + h - 22.5 - 11 * row, line, size=8)
    page.text(LEFT, 545, "PARTICULARS FURNISHED BY SHIPPER 托运人提供的货物资料", size=8.5, bold=True, colour=BLUE)
    y = _table(
        page,
        537,
        (
            ("Container / seal 箱号封号", 128),
            ("Packages 件数", 72),
            ("Description of goods 货物名称", 165),
            ("Weight 毛重", 65),
            ("Volume 体积", 65),
        ),
        (
            ("TEST 123456-7 / S0001", "80 cartons 箱", "Optical lens assembly 光学镜头组件", "3,200 kg", "18.4 m³"),
            ("TEST 123456-7 / S0001", "40 cartons 箱", "Lens controller board 镜头控制板", "1,150 kg", "6.2 m³"),
            ("TEST 765432-1 / S0002", "25 pallets 托", "Mounting kit 安装套件", "2,480 kg", "21.0 m³"),
        ),
        total="Total 合计: 145 packages 件     6,830 kg     45.6 m³",
    )
    y = page.paragraph(
        LEFT,
        y - 4,
        RIGHT - LEFT,
        "RECEIVED by the carrier in apparent good order and condition unless otherwise noted, the goods described above, to be "
        "carried from the port of loading to the port of discharge and delivered to the holder of this electronic record. "
        "承运人收到上列外表状况良好的货物（另有注明者除外），自装货港运至卸货港，并交付给本电子提单的持有人。",
    )
    y = page.paragraph(
        LEFT,
        y - 5,
        RIGHT - LEFT,
        "This electronic record has the same effect as a paper bill of lading while it is under exclusive control. The carrier's "
        "electronic signature stands for a signature in writing. "
        "在被独占控制期间，本电子记录与纸质提单具有同等效力。承运人的电子签名等同于手写签名。",
    )
    for row, (title, line) in enumerate(
        (
            ("Shipped on board 已装船", "2026-03-01, MV TEST HARMONY 测试和谐轮"),
            ("Place and date of issue 签发地点及日期", "Shenzhen 深圳, 2026-03-01"),
            ("Declared value 声明价值", "USD 103,200.00"),
        )
    ):
        page.box(LEFT, 150 - 36 * row, 235, 36)
        page.text(LEFT + 5, 175 - 36 * row, title, size=7, bold=True, colour=BLUE)
        page.text(LEFT + 5, 159 - 36 * row, line, size=8)
    for number, clause in enumerate(
        (
            "Clause paramount: the Hague-Visby Rules apply to this record. 首要条款：本提单适用海牙维斯比规则。",
            "General average is adjusted under the York-Antwerp Rules 2016. 共同海损按2016年约克安特卫普规则理算。",
            "Transfer of control on the platform transfers the rights under this record. 平台上的控制权转移即转让本提单项下的权利。",
            "On conversion to paper this electronic record ceases to have effect. 转换为纸质提单后，本电子记录失效。",
        ),
        1,
    ):
        page.text(LEFT, y - 8, f"{number}.", size=8.5)
        y = page.paragraph(LEFT + 16, y - 8, RIGHT - LEFT - 16, clause)
    page.text(LEFT + 252, 172, "Signed for the carrier 承运人签署", size=8.5, bold=True)
    page.line(LEFT + 252, 92, RIGHT, 92)
    page.text(LEFT + 252, 81, "Authorised electronic signature 授权电子签名", size=7.5, colour=GREY)
    _footer(page, "TEST-BL-20260301-7781")


def invoice(page: Page) -> None:
    """A commercial e-invoice; numbers and amounts are those of invoice.xml."""
    page.box(0, HEIGHT - 8, WIDTH, 8, fill=BLUE)
    page.text(LEFT, 796, "TEST Precision Machinery (Example) Co., Ltd.", size=12, bold=True, colour=BLUE)
    page.text(LEFT, 780, "测试精密机械（示例）有限公司 (supplier 销售方)", size=8.5)
    page.text(RIGHT, 796, "ELECTRONIC INVOICE", size=13, bold=True, colour=BLUE, align="right")
    page.text(RIGHT, 780, "电子发票   COMMERCIAL INVOICE 商业发票", size=8.5, align="right")
    _cells(
        page,
        (
            (
                (LEFT, 706, 262, 60), "Supplier 销售方",
                ("TEST Precision Machinery (Example) Co., Ltd.", "1 Sample Road, Test City, CN", "Identifier 编号: TEST00000000000001"),
            ),
            (
                (LEFT + 262, 706, 233, 60), "Invoice No. 发票编号",
                ("TEST-INV-2026-000588", "Issued 开票日期: 2026-03-01", "Due 到期日: 2026-03-31"),
            ),
            (
                (LEFT, 646, 262, 60), "Customer 购买方",
                ("TEST Import & Trading B.V.", "2 Example Quay, 0000 TT Testport, NL", "Identifier 编号: TEST-NL-00000002"),
            ),
            (
                (LEFT + 262, 646, 233, 60), "Reference 相关单据",
                ("Contract 合同: TEST-CT-2026-000117", "Bill of lading 提单: TEST-EBL-2026-0000421", "Terms 贸易术语: CIF Testport"),
            ),
        ),
    )  # fmt: skip
    y = _table(
        page,
        628,
        (
            ("Line 行", 30),
            ("Description 货物或服务名称", 225),
            ("Quantity 数量", 60),
            ("Unit price 单价", 85),
            ("Amount 金额", 95),
        ),
        (
            ("1", "CNC lathe TEST-L200 with tooling 数控车床含刀具", "4", "EUR 48,500.00", "EUR 194,000.00"),
            ("2", "Spare parts, one lot 备件一批", "1", "EUR 6,000.00", "EUR 6,000.00"),
        ),
        total="Payable 应付合计: EUR 200,000.00",
    )
    for line in (
        "Tax: category G, rate 0 %, export outside the tax area. 税费：出口，税率为零。",
        "Payment by credit transfer, payment reference TEST-INV-2026-000588. 付款方式：银行转账，请注明发票编号。",
        "This invoice is issued and kept in electronic form; the electronic signature of the supplier shows its origin and that its "
        "content is unchanged. 本发票以电子形式开具和保存，销售方的电子签名证明其来源真实、内容未被更改。",
    ):
        y = page.paragraph(LEFT, y - 4, RIGHT - LEFT, line)
    page.text(LEFT, 130, "For the supplier 销售方签署", size=8.5, bold=True)
    page.line(LEFT, 92, LEFT + 225, 92)
    page.text(LEFT, 81, "Authorised electronic seal 授权电子印章", size=7.5, colour=GREY)
    _footer(page, "TEST-INV-2026-000588")


def warehouse_receipt(page: Page) -> None:
    """An electronic warehouse receipt; numbers and goods are those of warehouse-receipt.xml."""
    page.box(0, HEIGHT - 8, WIDTH, 8, fill=BLUE)
    page.text(LEFT, 796, "TEST Bonded Warehousing (Example) Co., Ltd.", size=12, bold=True, colour=BLUE)
    page.text(LEFT, 780, "测试保税仓储（示例）有限公司 (warehouse keeper 保管人)", size=8.5)
    page.text(RIGHT, 796, "ELECTRONIC WAREHOUSE RECEIPT", size=12, bold=True, colour=BLUE, align="right")
    page.text(RIGHT, 780, "电子仓单   NEGOTIABLE 可转让   ORIGINAL 正本", size=8.5, align="right")
    _cells(
        page,
        (
            (
                (LEFT, 706, 262, 60), "Depositor 存货人",
                ("TEST Precision Machinery (Example) Co., Ltd.", "测试精密机械（示例）有限公司", "To order 凭存货人指示"),
            ),
            (
                (LEFT + 262, 706, 233, 60), "Receipt No. 仓单编号",
                ("TEST-WR-2026-00093", "Issued 签发日期: 2026-03-01, Test City 测试市", "Registry 登记平台: TEST eWR Registry"),
            ),
            (
                (LEFT, 646, 262, 60), "Warehouse 仓储场所",
                ("TEST-W-07, Demonstration Port Area", "测试市示范港区样例路7号", "Bonded 保税"),
            ),
            (
                (LEFT + 262, 646, 233, 60), "Storage 储存期限",
                ("2026-03-01 to 至 2026-08-31", "Fee 仓储费: CNY 12,500.00 per month 每月", "Encumbrance 质押: none 无"),
            ),
        ),
    )  # fmt: skip
    page.text(LEFT, 628, "GOODS RECEIVED FOR STORAGE 入库货物", size=8.5, bold=True, colour=BLUE)
    y = _table(
        page,
        620,
        (
            ("Lot 批次", 40),
            ("Description 品名规格", 200),
            ("Packages 件数", 90),
            ("Mass 重量", 75),
            ("Position 货位", 90),
        ),
        (
            ("L-01", "Copper cathodes Cu-CATH-1 电解铜", "100 bundles 捆", "249.870 t", "A 区 12 排 03 位"),
            ("L-02", "Aluminium ingots Al99.70 铝锭", "498 bundles 捆", "500.125 t", "B 区 02 排 11 位"),
        ),
        total="Total 合计: 598 bundles 捆     749.995 t",
    )
    for line in (
        "The goods described above are held for the holder of this electronic record and delivered against its surrender. "
        "上列货物由保管人为本电子仓单的持有人保管，凭仓单提取。",
        "Insured for CNY 31,000,000.00 under policy TEST-POL-2026-11. 货物已投保，保险金额人民币31,000,000.00元。",
        "Endorsement and pledge take effect on entry in the registry. 仓单的背书转让和出质自登记时生效。",
    ):
        y = page.paragraph(LEFT, y - 4, RIGHT - LEFT, line)
    page.text(LEFT, 130, "For the warehouse keeper 保管人签署", size=8.5, bold=True)
    page.line(LEFT, 92, LEFT + 225, 92)
    page.text(LEFT, 81, "Authorised electronic signature 授权电子签名", size=7.5, colour=GREY)
    _footer(page, "TEST-WR-2026-00093")


def _cells(page: Page, cells: tuple[tuple[tuple[int, int, int, int], str, tuple[str, ...]], ...]) -> None:
    """Boxes (x, y, width, height), each with a title and lines of text."""
    for (x, y, w, h), title, lines in cells:
        page.box(x, y, w, h)
        page.text(x + 5, y + h - 10, title, size=7, bold=True, colour=BLUE)
        for row, line in enumerate(lines):
            page.text(x + 5, y + h - 22.5 - 11 * row, line, size=8)


def _table(
    page: Page, top: float, columns: tuple[tuple[str, int], ...], rows: tuple[tuple[str, ...], ...], *, total: str
) -> float:
    """A table with a head and a line for the total; gives the next free baseline."""
    height = 17
    page.box(LEFT, top - height, RIGHT - LEFT, height, fill="0.90 0.93 0.97")
    for row, cells in enumerate((tuple(title for title, _ in columns), *rows)):
        x = float(LEFT)
        for (_, width), cell in zip(columns, cells, strict=True):
            page.text(x + 4, top - 12 - height * row, cell, size=7.5 if row == 0 else 8, bold=row == 0)
            x += width
        page.line(LEFT, top - height * (row + 1), RIGHT, top - height * (row + 1))
    bottom = top - height * (len(rows) + 2)
    page.text(RIGHT - 4, bottom + 5, total, size=8.5, bold=True, align="right")
    page.box(LEFT, bottom, RIGHT - LEFT, top - bottom)
    return bottom - 18


def _footer(page: Page, number: str) -> None:
    page.line(LEFT, 52, RIGHT, 52)
    page.text(
        LEFT,
        41,
        "TEST DOCUMENT: all parties are fictitious, no legal effect.  测试文件，当事人均为虚构，不具法律效力。",
        size=7,
        colour=GREY,
    )
    page.text(RIGHT, 41, f"{number}   1 / 1", size=7, colour=GREY, align="right")


def _to_unicode(used: dict[int, str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    entries = [f"<{cid:04X}> <{char.encode('utf-16-be').hex().upper()}>" for cid, char in sorted(used.items())]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"]).encode("ascii")


def _stream(data: bytes, extra: str = "", *, compress: bool = True) -> bytes:
    if compress:
        data, extra = zlib.compress(data, 9), extra + " /Filter /FlateDecode"
    return f"<< /Length {len(data)}{extra} >>\nstream\n".encode("ascii") + data + b"\nendstream"


def build(font: Font, page: Page, title: str) -> bytes:
    """The whole file: PDF 1.7, one page, a cross-reference table, no form."""
    content = page.content()
    font_file = font.cff()
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(font_file).digest()[:6])
    name = f"/{tag}+NotoSansCJKsc-Regular"
    widths = " ".join(
        f"{cid} [{font.advance(char)}]" for cid, char in sorted(font.used.items()) if font.advance(char) != 1000
    )
    title_hex = ("\ufeff" + title).encode("utf-16-be").hex().upper()
    objects = [
        b"<< /Type /Catalog /Version /1.7 /Pages 2 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << /Font << /F1 5 0 R >> >> "
        f"/Contents 4 0 R >>".encode("ascii"),
        _stream(content, compress=False),
        f"<< /Type /Font /Subtype /Type0 /BaseFont {name} /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 9 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont {name} /FontDescriptor 7 0 R /DW 1000 /W [{widths}] "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>".encode("ascii"),
        f"<< /Type /FontDescriptor /FontName {name} /Flags 4 /FontBBox [-1002 -1048 2928 1808] /ItalicAngle 0 /Ascent 1160 "
        f"/Descent -288 /CapHeight 733 /StemV 80 /FontFile3 8 0 R >>".encode("ascii"),
        _stream(font_file, " /Subtype /CIDFontType0C"),
        _stream(_to_unicode(font.used)),
        f"<< /Title <{title_hex}> /Producer (interop tools/make_documents.py) /CreationDate (D:20260301000000Z) >>".encode(
            "ascii"
        ),
    ]
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    identifier = hashlib.sha256(bytes(out)).hexdigest()[:32]
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for offset in offsets:
        out += f"{offset:010d} 00000 n \n".encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 10 0 R /ID [<{identifier}> <{identifier}>] >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def main() -> None:
    """Write all documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--font", type=Path, default=FONT, help="Noto Sans CJK collection")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "vectors" / "documents")
    options = parser.parse_args()
    for stem, draw, title in (
        ("contract", contract, "TEST sales contract 测试买卖合同"),
        ("bill-of-lading", bill_of_lading, "TEST electronic bill of lading 测试电子提单"),
        ("invoice", invoice, "TEST electronic invoice 测试电子发票"),
        ("warehouse-receipt", warehouse_receipt, "TEST electronic warehouse receipt 测试电子仓单"),
    ):
        font = Font(options.font)
        page = Page(font)
        draw(page)
        data = build(font, page, title)
        (options.out / f"{stem}.pdf").write_bytes(data)
        print(f"{stem}.pdf: {len(data)} bytes, {len(font.used)} characters")


if __name__ == "__main__":
    main()
