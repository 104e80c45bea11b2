"""Small tables as people keep them, and the encodings in which programs there save them."""

import unicodedata
from collections.abc import Iterator

TONES = "\u0300\u0301\u0303\u0309\u0323"  # which cp1258 has as characters of their own

# Encodings, a bar, and the table with a slash for the end of each line.
SHEETS = """
cp1252 mac-roman | Ville;Département;Habitants/Orléans;Loiret;116 000/Béziers;Hérault;78 000
iso8859-1 iso8859-15 | Ville;Département;Habitants/Orléans;Loiret;116 000/Béziers;Hérault;78 000
cp1252 iso8859-15 | Article;Prix/Thé;12,50 €/Gâteau;3 €/Œufs;2,10 €
cp1252 mac-roman iso8859-1 iso8859-15 | Stadt;Größe;Bürgermeister/München;1,5;Krüger/Köln;1,1;Jäger
cp1252 mac-roman | Nombre,Año,Teléfono/Peña,1990,600/Muñoz,2001,611/García,1985,622
iso8859-1 iso8859-15 | Nombre,Año,Teléfono/Peña,1990,600/Muñoz,2001,611/García,1985,622
cp1252 mac-roman iso8859-1 iso8859-15 | Nome;Endereço;Preço/João;São Paulo;12/Conceição;Brasília;7
cp1252 mac-roman | Città;Regione;Qualità/Forlì;Emilia;buona/Cantù;Lombardia;così così
iso8859-1 iso8859-15 | Città;Regione;Qualità/Forlì;Emilia;buona/Cantù;Lombardia;così così
cp1252 mac-roman iso8859-1 iso8859-15 | Naam,Plaats,Reünie/René,Coëvorden,ja/Zoë,Eén,nee
cp1252 mac-roman iso8859-1 iso8859-15 | Navn;By;Løn/Søren;Århus;100/Bjørn;Næstved;200/Åse;Køge;150
cp1252 mac-roman iso8859-1 iso8859-15 | By,År/Tromsø,1990/Ålesund,2001/Bodø,1816
cp1252 mac-roman | Namn;Ort;Ålder/Åsa;Göteborg;30/Björn;Malmö;41/Märta;Örebro;52
iso8859-1 iso8859-15 | Namn;Ort;Ålder/Åsa;Göteborg;30/Björn;Malmö;41/Märta;Örebro;52
cp1252 mac-roman iso8859-1 iso8859-15 | Nimi;Kaupunki;Ikä/Päivi;Jyväskylä;30/Väinö;Hämeenlinna;41
cp1252 iso8859-1 | Nafn,Staður/Þórður,Ísafjörður/Guðrún,Reykjavík
cp1252 mac-roman | Ciutat;Població/Lleida;138000/Mataró;126000/Sant Adrià de Besòs;37000
iso8859-1 iso8859-15 | Ciutat;Població/Lleida;138000/Mataró;126000/Sant Adrià de Besòs;37000
cp1250 iso8859-2 | Miasto,Ludność/Łódź,680/Kraków,770/Gdańsk,470/Wrocław,640
cp1250 iso8859-2 | Imię;Nazwisko;Wiek/Małgorzata;Wójcik;30/Stanisław;Dąbrowski;41/Jerzy;Żuk;52
cp1250 iso8859-2 | Město;Počet obyvatel/České Budějovice;94/Plzeň;174/Ústí nad Labem;92
cp1250 iso8859-2 | Mesto;Počet obyvateľov/Košice;230/Žilina;80/Trenčín;55/Prešov;88
cp1250 iso8859-2 | Város;Népesség/Győr;130/Székesfehérvár;96/Pécs;140/Hódmezővásárhely;43
cp1250 iso8859-2 | Mesto;Država/Kočevje;Slovenija/Škofja Loka;Slovenija/Žalec;Slovenija
cp1250 | Grad;Županija/Čakovec;Međimurska/Šibenik;Šibensko-kninska/Požega;Požeško-slavonska
iso8859-2 | Grad;Županija/Čakovec;Međimurska/Šibenik;Šibensko-kninska/Požega;Požeško-slavonska
cp1250 iso8859-2 | Oraş;Judeţ/Bucureşti;Ilfov/Iaşi;Iaşi/Braşov;Braşov/Constanţa;Constanţa
cp1254 iso8859-9 | Şehir,Nüfus/İstanbul,15/İzmir,4/Eskişehir,1
cp1254 iso8859-9 | Ad;Soyad;Şehir/Ayşe;Yılmaz;Muğla/Mehmet;Çağlar;Ankara/Gökhan;Işık;Iğdır
cp1254 iso8859-9 | Ürün;Fiyat;Açıklama/Çay;25;siyah çay/Kağıt;12;beyaz/Yoğurt;40;ev yapımı
cp1257 | Miestas;Gyventojai/Šiauliai;100/Panevėžys;85/Kėdainiai;22/Mažeikiai;31
cp1257 | Pilsēta;Iedzīvotāji/Liepāja;67/Jūrmala;51/Rēzekne;26/Cēsis;14
cp1257 iso8859-15 | Linn;Elanikke/Pärnu;40/Kohtla-Järve;33/Võru;12/Põltsamaa;4
cp1258 | Họ tên,Thành phố/Nguyễn Văn An,Đà Nẵng/Trần Thị Bình,Huế
cp1251 koi8-r iso8859-5 cp866 | Город;Население/Москва;13/Казань;1,3/Нижний Новгород;1,2
cp1251 koi8-r iso8859-5 cp866 | Имя,Возраст,Город/Анна,30,Пермь/Сергей,41,Уфа/Ольга,25,Омск
cp1251 koi8-u | Місто;Населення/Київ;2,9/Харків;1,4/Чернівці;0,26
cp1251 iso8859-5 | Град;Население/София;1,2/Пловдив;0,34/Варна;0,33
cp1251 iso8859-5 | Град;Становника/Београд;1,3/Нови Сад;0,3/Ниш;0,2/Ђаково;0,03
cp1253 iso8859-7 | Πόλη,Πληθυσμός/Αθήνα,3/Πάτρα,0.2/Ηράκλειο,0.17
cp1255 iso8859-8 | עיר,אוכלוסייה/ירושלים,1/חיפה,0.3
cp1256 iso8859-6 | المدينة,السكان/القاهرة,10/دبي,3/الإسكندرية,5
cp874 tis-620 | เมือง,ประชากร/กรุงเทพ,8/เชียงใหม่,0.1
cp932 euc_jp | 名前,年齢/田中太郎,30/佐藤花子,25
cp932 euc_jp | 商品,価格/りんご,100/バナナ,80/みかん,50
cp932 euc_jp | 氏名,住所,電話/山田一郎,東京都港区芝公園,03-1234-5678/鈴木愛,大阪府堺市,06-1234-5678
cp932 | ﾅﾏｴ,ﾈﾝﾚｲ/ﾀﾅｶ ﾀﾛｳ,30/ｻﾄｳ ﾊﾅｺ,25
cp932 euc_jp | 銀行名,支店名,口座名義/三井住友,新宿,ﾔﾏﾀﾞ ﾀﾛｳ/みずほ,渋谷,ｽｽﾞｷ ｱｲ
cp932 | ｺｰﾄﾞ,商品名,在庫/A01,ﾎﾞｰﾙﾍﾟﾝ,12/A02,ﾉｰﾄ,40
gbk gb18030 | 城市,人口/上海,2400/北京,2100
gbk | 姓名,年龄/张伟,30
gbk | 商品名称,单价（元）,产地/龙井茶,120,浙江杭州/普洱茶,95,云南
big5 | 城市,人口/臺北,250/高雄,270
cp950 | 姓名,年齡,地址/陳大文,30,香港九龍/李小明,28,新界沙田
cp949 | 도시,인구/서울,940/부산,330
cp949 | 이름,나이,주소/김철수,30,서울시 강남구/이영희,25,부산시
cp1252 iso8859-1 | Item,Price/Tea,£3/Cake,£4.50
cp1252 mac-roman | Name,Says/Ann,it’s “fine” – really
cp1252 iso8859-1 | Room,Temp/A,21 °C/B,19 °C
cp1252 mac-roman iso8859-15 | PRÉNOM;NOM;ÂGE/RENÉ;LEFÈVRE;30/HÉLÈNE;GARÇON;41
cp1252 mac-roman iso8859-15 cp850 | Nom,Prix/Café,2/The,3
cp1252 mac-roman | Question,Réponse/Où est-ce ?,À gauche/C’est où ?,« Là-bas »
cp1252 mac-roman iso8859-15 | PAÍS,AÑO/ESPAÑA,1990/PERÚ,2001
cp1252 mac-roman iso8859-15 cp850 | Nombre,Edad/María,30/Juan,41
cp1252 mac-roman iso8859-15 | STRASSE;GRÖSSE/KÖNIGSWEG;3/MÜHLGASSE;5
cp1252 mac-roman iso8859-15 cp850 | Name,Ort/Müller,Bonn/Meier,Ulm
cp1252 | kundenName,größeInCm/Jäger,180/Wolf,170
cp1252 iso8859-15 | Posten;Betrag/Miete;900 €/Strom;80 €
cp1252 mac-roman iso8859-15 | Produto;Preço;Descrição/Pão;1,50;pão francês/Feijão;7,90;grão
cp1252 mac-roman iso8859-15 | Nome;Età/Niccolò;30/José;41/Perché;1
cp1252 | Quantity,Unit/5,µg/3,m²/20,±2 °C
cp1252 mac-roman iso8859-15 | Artikel;Pris/Smör;30/Kött;99/Äpplen;20
cp1252 mac-roman iso8859-15 | Tuote;Hinta/Hylätty;3/Pöytä;120
cp1252 mac-roman iso8859-15 | Vare;Pris/Rugbrød;25/Æbler;20/Pølse;30
cp1252 mac-roman iso8859-15 | Artikel,Prijs/Crème fraîche,2/Café,3
cp1252 | Vara,Verð/Mjólk,200/Brauð,350/Þorskur,900
cp1252 mac-roman iso8859-15 | Name,Role/Zoë,CEO/Brontë,Author
cp1252 mac-roman iso8859-15 | Term,Price/Naïve Café,£5/Façade,£9
cp1252 | Product,Note/Widget™,“new”/Gadget®,it’s ok
cp1250 iso8859-2 cp852 | Produkt;Cena/Chleb żytni;6/Masło;8/Śmietana;4/Jabłka;3
cp1250 iso8859-2 | Nazwisko,Miasto/Żółć,Łomża/Gęś,Świdnica/Kozłowski,Poznań
cp1250 iso8859-2 mac-latin2 cp852 | Zboží;Cena/Chléb;30/Máslo;50/Šunka;40/Kuře;90
cp1250 iso8859-2 | Jméno,Příjmení/Jiří,Dvořák/Tomáš,Novák/Zdeňka,Růžičková
cp1250 iso8859-2 | Tovar;Cena/Chlieb;2/Šunka;3/Ľadový čaj;1/Žemľa;1
cp1250 iso8859-2 | Termék;Ár/Kenyér;500/Tejföl;300/Sütőtök;400/Gyümölcslé;600
cp1250 iso8859-2 | Név,Város/Szabó Gergő,Győr/Tóth Ágnes,Eger/Kőszegi Béla,Vác
cp1250 iso8859-2 | Proizvod;Cijena/Kruh;1/Šunka;3/Mliječni sir;4/Čokolada;2
cp1250 iso8859-2 | Izdelek;Cena/Kruh;1/Čebula;2/Žemlja;1/Špinača;3
cp1250 iso8859-2 | Produs;Preţ/Pâine;5/Brânză;30/Caşcaval;40/Mere roşii;6
cp1250 iso8859-2 | Nume,Oraş/Ionuţ,Timişoara/Ştefan,Bucureşti/Lenuţa,Piteşti
cp1252 mac-roman iso8859-15 | Emri,Qyteti/Gëzim,Tiranë/Çlirim,Vlorë
cp1254 cp857 | İsim,İlçe/Şule,Beşiktaş/Ömer,Üsküdar/İbrahim,Kadıköy
cp1254 | Ay,Satış/Şubat,30/Mayıs,40/Ağustos,12/Aralık,3
cp1254 | ÖĞRENCİ,NOT/AYŞE YILMAZ,90/IŞIL ÇETİN,70
cp1254 | Ad,Yaş/Ali,30/Can,20
cp1257 | Prekė;Kaina/Duona;2/Sūris;5/Dešra;4/Obuoliai;3/Žuvis;9
cp1257 | Prece;Cena/Maize;2/Siers;5/Āboli;3/Zivs;9/Biešu zupa;4/Kafija ar šķiņķi;7
cp1257 | Kaup;Hind/Leib;2/Juust;5/Šokolaad;3/Õun;1/Pähkel;4
cp1258 | Tỉnh,Dân số/Hà Nội,8/Đồng Nai,3/Cần Thơ,1
cp1251 koi8-r iso8859-5 cp866 mac-cyrillic | ГОРОД;НАСЕЛЕНИЕ/МОСКВА;13/КАЗАНЬ;1
cp1251 koi8-r iso8859-5 cp866 mac-cyrillic | Товар;Цена, руб./Хлеб;40/Молоко;80/Яйца;110
cp1251 koi8-r | Фамилия;Имя;Отчество/Иванов;Пётр;Ильич/Сидорова;Юлия;Олеговна
iso8859-5 cp866 mac-cyrillic | Фамилия;Имя;Отчество/Иванов;Пётр;Ильич/Сидорова;Юлия;Олеговна
cp1251 koi8-r iso8859-5 cp866 mac-cyrillic | ID,Название,Price/1,Книга Python,300/2,Мышь USB,900
cp1251 | Товар;Ціна/Хліб;30/М’ясо;200/Їжа;10/Євро;42
cp1251 koi8-u iso8859-5 | Прізвище;Місто/Шевченко;Київ/Ковальчук;Львів/Їжакевич;Чернігів
cp1251 iso8859-5 | Горад;Насельніцтва/Мінск;2/Гродна;0,4/Магілёў;0,3
cp1251 iso8859-5 | Стока;Цена/Хляб;2/Сирене;12/Ябълки;3
cp1251 iso8859-5 | Град;Жители/Скопје;0,5/Битола;0,07/Куманово;0,1/Ѓорче;0,04
cp1253 iso8859-7 | ΠΟΛΗ;ΚΑΤΟΙΚΟΙ/ΑΘΗΝΑ;3/ΠΑΤΡΑ;0,2
cp1253 iso8859-7 | Προϊόν;Τιμή/Ψωμί;1/Γάλα;2/Τυρί φέτα;9
cp1255 iso8859-8 | שם,גיל,עיר/דוד,30,תל אביב/שרה,25,אילת
cp1256 iso8859-6 | الاسم,العمر/محمد,30/فاطمة,25/عبد الله,41
cp874 | ชื่อ,อายุ/สมชาย,30/สมหญิง,25
cp932 euc_jp | 氏名,部署/高橋健,営業部/中村誠,経理部
cp932 euc_jp | 番号,会社名,所在地/1,株式会社三井,東京都/2,有限会社山田,名古屋市
cp932 euc_jp | 日付,金額,摘要/4月1日,1000,交通費/4月2日,2500,会議費
cp932 euc_jp | 都道府県,県庁所在地/北海道,札幌市/青森県,青森市/愛媛県,松山市
cp932 euc_jp | 科目,点数/国語,80/数学,75/英語,92
cp932 | ｼﾒｲ,ﾌﾘｶﾞﾅ/ﾀﾅｶ,ﾀﾛｳ
cp932 | ｺｳｻﾞﾒｲ,ｷﾝｶﾞｸ/ｶ)ﾔﾏﾀﾞｼｮｳｼﾞ,10000/ｲﾄｳ ﾊﾅｺ,2500
cp932 euc_jp | 商品ｺｰﾄﾞ,ﾒｰｶｰ/100,ｿﾆｰ/200,ﾊﾟﾅｿﾆｯｸ
cp932 euc_jp | メーカー,モデル/トヨタ,プリウス/ホンダ,フィット
iso2022_jp | 名前,年齢/田中,30/佐藤,25
gbk | 科目,成绩/语文,80/数学,75/英语,92
gbk | 部门,经理,电话/销售部,刘洋,010-1234/财务部,赵敏,010-5678
gbk | 省份,省会/湖南,长沙/四川,成都/贵州,贵阳
gbk | 书名,作者/红楼梦,曹雪芹/围城,钱钟书
gbk | 日期,收入,支出/1月1日,100,20/1月2日,300,45
gbk | 水果,价格/苹果,5/香蕉,3/葡萄,12
gbk | 名称,备注/螺丝,库存不足/螺母,已下单
big5 | 科目,成績/國文,80/數學,75/英文,92
big5 | 部門,經理/業務部,王志明/財務部,林淑芬
big5 | 水果,價格/蘋果,50/香蕉,30/鳳梨,60
cp949 | 과목,점수/국어,80/수학,75/영어,92
cp949 | 상품,가격/사과,1000/바나나,2000
cp949 | 회사,대표/삼성전자,이재용/현대자동차,정의선
"""


def sheets() -> Iterator[tuple[str, str, bytes]]:
    """Text, encoding and bytes of each."""
    for line in SHEETS.strip().splitlines():
        encodings, text = line.split(" | ")
        text = text.replace("/", "\n") + "\n"
        for encoding in encodings.split():
            yield text, encoding, encoded(text, encoding)


def encoded(text: str, encoding: str) -> bytes:
    if encoding != "cp1258":
        return text.encode(encoding)
    parts = [unicodedata.normalize("NFD", letter) for letter in text]
    tones = ["".join(mark for mark in part if mark in TONES) for part in parts]
    bases = ["".join(mark for mark in part if mark not in TONES) for part in parts]
    spelled = "".join(
        unicodedata.normalize("NFC", base) + tone for base, tone in zip(bases, tones, strict=True)
    )
    return spelled.encode(encoding)
