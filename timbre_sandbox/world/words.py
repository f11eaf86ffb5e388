"""The words names are made of. All made up or everyday words; no catalogue of real songs stands behind them."""


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ADJECTIVES = _split("""
    Amber Ancient Arctic Ashen Autumn Bitter Black Blind Blue Borrowed Bright Broken Burning Careless Cold
    Copper Crooked Crimson Crystal Dark Dead Distant Dizzy Double Drowned Dusty Electric Empty Endless Faded
    Fallen False Feral Final Flat Foreign Fragile Frozen Gentle Ghostly Gilded Golden Graceful Green Grey Half
    Hidden Hollow Holy Honest Hungry Idle Invisible Iron Ivory Jaded Kind Lazy Little Lonely Long Lost Loud
    Lucky Magnetic Maroon Midnight Mild Modern Narrow Neon New Northern Obscure Odd Old Open Orange Pale Paper
    Perfect Pink Plain Plastic Polar Private Purple Quiet Radiant Random Raw Reckless Red Restless Royal Rusty
    Sacred Scarlet Secret Serene Severe Shallow Silent Silver Simple Sleepless Slow Small Solar Southern Spiral
    Stolen Strange Stray Sudden Sunken Sweet Tender Thin Tidal Tired Torn Twisted Vacant Velvet Violet Warm
    Wasted Western White Wicked Wild Winter Wooden Yellow Young
""")
NOUNS = _split("""
    Abbey Acre Alley Anchor Angel Animal Anthem Apple Arcade Arrow Ash Attic Avenue Balcony Ballad Bandit Basin
    Bay Beacon Bell Bird Bishop Blade Blossom Boat Bone Border Boulevard Branch Brick Bridge Brother Bullet
    Cabin Cactus Candle Canyon Captain Caravan Castle Cathedral Cavalry Cellar Chapel Cherry Choir Cinder Circle
    Circus City Clock Cloud Coast Comet Compass Coral Corner Cottage Country Cousin Coyote Cradle Crane Creature
    Crow Crown Current Curtain Dagger Dancer Daughter Delta Desert Diamond Doctor Dog Door Dove Dream Driver
    Drum Dune Eagle Echo Elm Ember Empire Engine Evening Falcon Farm Father Feather Fever Field Film Fire Flag
    Flame Flood Floor Flower Forest Fountain Fox Friend Garden Gate Ghost Giant Glacier Glass Grove Guitar Habit
    Hammer Hand Harbor Harvest Heart Heaven Highway Hill Honey Horizon Horse Hotel Hour House Hunter Hurricane
    Island Ivy Jacket Journal Jungle Key King Kingdom Kite Ladder Lake Lamp Lantern Letter Light Lighthouse Lily
    Lion Love Machine Magnet Maple Market Marble Meadow Memory Mercy Midway Mile Mill Mirror Moment Monument
    Moon Morning Moth Motel Mountain Mouth Museum Needle Night Number Oak Ocean Office Orchard Orchid Owl Palace
    Parade Park Passenger Path Pearl Pilot Pine Planet Pocket Poem Poet Pony Porch Prairie Preacher Prince
    Prison Promise Queen Question Rabbit Radar Radio Rain Raven Reason Ribbon Ridge River Road Rocket Room Root
    Rope Rose Ruin Runner Sail Sailor Satellite Scarf School Season Shadow Shelter Ship Shore Signal Sister Sky
    Smoke Snow Soldier Song Sparrow Spider Spring Station Statue Storm Story Stranger Street Summer Sun Swan
    Table Teacher Temple Theatre Thief Thorn Thunder Ticket Tide Tiger Timber Tower Town Traffic Train Traveler
    Tree Tunnel Valley Vessel Village Violin Voice Volcano Wagon Wall Waltz Water Wave Weather Weekend Wheel
    Whisper Widow Willow Wind Window Winter Wire Wolf Woman Wonder
""")
GERUNDS = _split("""
    Breaking Building Burning Calling Carrying Catching Chasing Climbing Counting Crossing Dancing Drifting
    Driving Dreaming Drowning Falling Fading Feeding Finding Floating Flying Following Forgetting Growing Hiding
    Holding Hunting Keeping Killing Leaving Losing Making Missing Moving Painting Passing Praying Reading Rising
    Rolling Running Sailing Searching Selling Shaking Singing Sinking Sleeping Speaking Spinning Standing
    Stealing Swimming Talking Tearing Thinking Throwing Trading Turning Waiting Waking Walking Washing Watching
    Whispering Working Writing
""")
VERBS = _split("""
    Believe Bleed Break Breathe Bring Burn Call Carry Catch Change Chase Choose Close Count Cross Cry Dance
    Drive Fall Feel Fight Find Fly Follow Forget Give Hear Hide Hold Hurt Keep Kiss Know Leave Lie Listen Lose
    Make Miss Move Need Open Pull Pray Raise Reach Remember Ride Run Save See Send Shake Show Sing Sleep Speak
    Stay Steal Stop Swim Take Teach Tell Think Throw Touch Trust Try Turn Wait Wake Walk Want Wash Watch Wonder
    Write
""")
FIRST = _split("""
    Ada Albert Alice Amos Anna Arthur Beth Bruno Carla Cassie Cecil Chester Clara Colin Cora Cyrus Daisy Dana
    Della Dexter Donna Edgar Edith Eliza Elmer Emma Ernest Esther Eva Felix Fiona Floyd Frances Gilbert Gloria
    Grace Greta Gus Harold Hattie Hazel Helen Henry Homer Ida Irene Isaac Ivan Jane Jasper Joan Josie Judith
    Julian June Karl Lena Leon Lester Lila Louis Lucy Luther Mabel Marcus Margo Marvin Matilda Maude Max Minnie
    Miriam Molly Nadia Nathan Nell Nina Norman Olive Oscar Otis Otto Owen Paula Pearl Percy Phoebe Ralph Ramona
    Rita Roland Rosa Roy Ruby Rufus Ruth Sadie Sally Sam Silas Stella Sybil Sylvia Teddy Thelma Theo Tobias Vera
    Victor Viola Wallace Wanda Wilbur Willa Zelda
""")
LAST = _split("""
    Abbott Archer Ashby Bailey Barlow Barnes Baxter Beckett Benson Birch Blackwood Bolton Booth Bowen Bradford
    Brandt Briggs Burke Calloway Carver Chandler Clarke Coleman Cooper Crane Crosby Dalton Davenport Dawson
    Dixon Drake Duncan Easton Ellison Emerson Everett Farrow Fenton Fields Fletcher Foster Frost Gaines Garrett
    Goodwin Graves Greer Griffin Hale Halloway Harper Hastings Hayes Hobbs Holloway Hopkins Hudson Ingram Jarvis
    Keller Kendrick Kirby Lambert Langley Lawson Lockwood Lowell Mabry Maddox Marlowe Mason Mercer Monroe Morrow
    Nash Newton Norwood Oakley Osborne Parrish Peyton Pierce Porter Prescott Quinn Ramsey Rhodes Rowland Sawyer
    Sheridan Sinclair Sloan Stanton Sterling Sutton Thatcher Thornton Tilden Travers Underwood Vance Vaughn
    Wakefield Walden Webster Weston Whitaker Wilder Winslow Yates York
""")
ACCENTED_ARTISTS = {
    "fr": (
        _split("""
            Élodie Hélène Jérôme Zoé François Noémie Rémi Chloé Thérèse Benoît Gaël Irène Loïc Anaïs Océane
            Aurélien
        """),
        _split("""
            Lefèvre Béranger Gauthier Marchand Dubreuil Fournier Chénier Léveillé Guérin Desrosiers Péan Aubé
            Rozière
        """),
    ),
    "es": (
        _split("""
            José Lucía Inés Andrés Sofía Martín Belén Raúl Verónica Óscar Iñaki Jesús Ángela Íñigo Mónica Julián
        """),
        _split("""
            Núñez Peña Ibáñez Muñoz Gálvez Rincón Cárdenas Ordóñez Suárez Olmedo Güell Bermúdez Villalón Zúñiga
        """),
    ),
    "de": (
        _split("""
            Jürgen Käthe Björn Günter Jörg Löwe Sören Bärbel Hänsel Götz Ute Dörte Volker Anke Rüdiger Liesl
        """),
        _split("""
            Müllner Schäfer Grünwald Böhmer Krüger Weiß Köhler Hübner Strauß Rößler Jäger Vögel Lindner Süßkind
        """),
    ),
    "is": (
        _split("""
            Ásgeir Sigrún Þóra Ólöf Jónas Birna Hildur Árni Sæunn Eyþór Björg Guðrún Örn Védís Ísak Steinunn
        """),
        _split("""
            Þorsteinsdóttir Björnsson Jónsdóttir Hallgrímsson Ásmundsson Óskarsdóttir Hrafnsson Ægisson
            Sævarsdóttir
        """),
    ),
    "pl": (
        _split("""
            Łukasz Małgorzata Żaneta Jędrzej Stanisław Róża Bożena Wójtek Michał Paweł Jacek Zośka Grażyna
            Błażej
        """),
        _split("""
            Wiśniewska Dąbrowski Kołodziej Żak Gałązka Świątek Brzęczek Łoziński Pająk Jabłońska Źródlak Ćwik
        """),
    ),
    "pt": (
        _split("""
            João Conceição Inês Antônio Luís Fátima Simão Glória Sebastião Mário Zélia Íris Otávio Tânia Cláudio
        """),
        _split("""
            Magalhães Simões Gusmão Araújo Falcão Brandão Assunção Galvão Leitão Frazão Estêvão Negrão Patrício
        """),
    ),
    "tr": (
        _split("Çağla Gökhan Şebnem Özgür Ümit Ayşe İpek Doğan Işıl Barış Gülşen Şükrü Ebru Tuğba Güneş Nazlı"),
        _split("""
            Yıldız Çelik Öztürk Şahin Aydoğan Kılıç Gündüz Işık Bağcı Çınar Özkan Erdoğdu Taşkın Yüce Güler
        """),
    ),
}
ACCENTED_WORDS = {
    "fr": _split("""
        été forêt âme déjà rivière étoile cœur fenêtre lumière poussière rêve nuit pluie mémoire île fête
        tempête
    """),
    "es": _split("""
        corazón canción jardín mañana río sueño luz lágrimas balcón camión océano año niña montaña adiós razón
    """),
    "de": _split("""
        Mädchen Fluß Sehnsucht Himmel Brücke Träume Königin Schlüssel Vögel Nacht Stürme Gefühl Straße Küste
        Asche
    """),
    "is": _split("""
        ljós nótt sól vængir bær ís hjarta þögn fjörður tár draumur öldur haf snjór vör sær æska blóð
    """),
    "pl": _split("""
        noc księżyc żal rzeka świat dom cień gwiazdy łąka miłość pył śnieg słońce wiatr głos sól łza
    """),
    "pt": _split("""
        coração canção saudade maré avó manhã céu mão lição rua sertão estação pó avião razão solidão
    """),
    "tr": _split("gece gökyüzü rüzgâr şehir aşk yağmur güneş kıyı düş ışık kış çiçek gül göl bahçe sözler"),
}
ACCENTED_FORMS = {
    "fr": ("{a} et {b}", "La {a} de {b}", "Sous l'{a}", "{a} sans {b}", "L'{a}", "{a}", "Une {a} à {b}", "Où va {a}"),
    "es": ("{a} y {b}", "El {a}", "Sin {a}", "{a} de {b}", "¿Dónde está {a}?", "{a}", "Más {a}", "Ay, {a}"),
    "de": ("{a} und {b}", "Ohne {a}", "{a}", "Über {a}", "Für {a}", "Wo ist {a}?", "Die {a}", "Zwischen {a} und {b}"),
    "is": ("{a} og {b}", "{a}", "Án {a}", "Í {a}", "{a} {b}", "Þú og {a}", "Til {a}", "Hvar er {a}"),
    "pl": ("{a} i {b}", "{a}", "Bez {a}", "Ta {a}", "{a} {b}", "Gdzie jest {a}", "Mój {a}", "Już {a}"),
    "pt": ("{a} e {b}", "{a}", "Sem {a}", "Não há {a}", "A {a} de {b}", "Onde está {a}", "Até {a}", "Minha {a}"),
    "tr": ("{a} ve {b}", "{a}", "Bir {a}", "{a} için {b}", "Son {a}", "Ah {a}", "{b} ile {a}", "Yalnız {a}"),
}
# (given names, family names, title words); how they are joined is in names.py.
SCRIPTS = {
    "ja": (
        _split("""
            光太郎 美咲 さくら ひかり 千尋 健二 涼子 蓮 葵 陽菜 大輔 真理子 翔 結衣 空 ハルカ ユキ レイ ナオミ
            リサ
        """),
        _split("""
            青木 石川 小林 桜井 高橋 藤原 松田 山本 渡辺 星野 夏目 黒田 白石 水野 森山 宮崎 柊 霧島 神谷 橘
        """),
        _split("""
            夜 星 海 風 雨 春 夏の終わり 夢 涙 月光 東京 花火 約束 手紙 鏡 永遠 記憶 朝焼け 迷子 空白 カーテン
            メロディー ドライブ ガラスの靴 シグナル ブルー 天気 明日 ひとり言 透明 螺旋
        """),
    ),
    "zh": (
        _split("""
            伟 芳 丽华 静 敏 美玲 志明 晓东 国荣 惠 学友 菲 小红 梦云 玉兰 建军 思远 雪梅
        """),
        _split("""
            王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 马 林 罗 郑 谢 许
        """),
        _split("""
            爱情 梦 风 云 时间 红灯 岁月 东方 长夜 飞鸟 夕阳 海边 声音 电车 情书 阳光 雪 雨 月亮 故乡 旧梦 蓝色 远方
            笑脸 离别 星空 城市 秋天 河 记忆
        """),
    ),
    "ru": (
        _split("""
            Анна Борис Вера Глеб Дарья Егор Жанна Зоя Игорь Кира Лев Мария Нина Олег Павел Роман Софья Тимур
            Юлия Яков
        """),
        _split("""
            Белова Воронин Гроза Дымов Зимин Крылова Лебедев Морозов Орлова Полынь Рассвет Снегирёв Туманов
            Чёрный Шум
        """),
        _split("""
            ночь снег город река дорога звезда весна письмо тень поезд окно дождь память берег огонь тишина небо
            сон дом море зима голос время дети ветер
        """),
    ),
    "el": (
        _split("Ελένη Νίκος Μαρία Γιώργος Σοφία Ανδρέας Χάρις Κατερίνα Στέλιος Δήμητρα Πέτρος Ιωάννα"),
        _split("Παπαδάκης Μαυρίδης Καλογήρου Αλεξίου Θαλασσινός Βουνάς Χατζής Γεωργίου Μελά Πρωινός"),
        _split("""
            θάλασσα νύχτα φεγγάρι δρόμος καρδιά βροχή ήλιος σιωπή γράμμα πόλη αγάπη όνειρο άνεμος κύμα σκιά
            παράθυρο φωνή
        """),
    ),
    "ko": (
        _split("지은 민수 서연 하늘 유진 도윤 수빈 은지 태양 나리 준호 다온 가을 새벽"),
        _split("김 이 박 최 정 강 조 윤 장 임 한 오"),
        _split("""
            밤 별 바다 봄날 여름 비 편지 그대 거울 꿈 기억 나비 노래 사랑 새벽 안녕 우주 이별 하루 눈물 그림자
            창문 시간
        """),
    ),
    "ar": (
        _split("ليلى سامي نور كريم هدى يوسف ريم طارق سلمى جمال"),
        _split("حداد منصور الخوري نجار صباغ درويش البحري شاهين عون سلامة"),
        _split("ليل قمر بحر قلب مطر شمس طريق حلم نجمة رسالة مدينة صمت ريح وردة شباك غربة"),
    ),
}
# Titles in which a word that elsewhere marks a variant, a guest or a part is part of the song's own name.
TRICKY = (
    "❤️",
    "☀️",
    "9.11",
    "911",
    "4′33″",
    "Draft",
    "Live Forever and Ever",
    "Live Wire Heart",
    "Alive",
    "Remaster of Puppetry",
    "The Demo Years",
    "Acoustic Sunrise",
    "Mono Lake",
    "Instrumental Love",
    "Featherweight",
    "Edit Me Out",
    "Radio",
    "Live and Let Drive",
    "Cover Me Up Slowly",
    "Born to Live",
    "Liverpool Rain",
    "Remix of My Life",
    "With or Without Maps",
    "Part of Me Left",
    "Deluxe",
    "Version of You",
    "Gift",
    "Left at the Lift",
    "Extended Summer",
    "Bonus Round",
    "(I Can't Find) The Way Home",
    "1999 Miles",
    "Twenty-Two",
    "(Don't) Call It Love",
    "No. 9 Dreaming",
    "Feat of Clay",
    "What If I Live",
    "Single Again",
    "Mix It Up",
    "Original Sin City",
    "24/7",
    "100%",
    "$ave Me",
    "B-Side Lover",
    "The The Thing",
    "Live at the End of the World",
    "Take Two",
    "Session Man",
)
# Words that files and shops write with stars.
SWEARING = (
    "Fuck the Rain",
    "No Shit",
    "Shit Happens",
    "Bitch Don't Wait",
    "Fuck Forever",
    "Shit Weather",
    "Fuck It All",
)
COMMON_TITLES = _split("""
    Home Stay Intro Angel Hurricane Closer Gravity Runaway Ghost Alone Breathe Fire Forever Lost Runner Heaven
    Paradise Halo Wings Numb Rise Lullaby Interlude Mercy Monster Higher Hello Goodbye Shine Crazy Drive Hurt
    Golden Sunday Monday Summertime Diamonds Thunder Shadows Sober Happy Fever Addicted Believe Changes Outro
""")
PLACES = (
    "Wembley Arena",
    "the Paradiso",
    "Red Rocks",
    "the Apollo",
    "Montreux",
    "the Roundhouse",
    "Budokan",
    "Glastonbury",
    "the Fillmore",
    "Hyde Park",
    "Rock im Park",
    "the Olympia",
    "Brixton",
    "KEXP",
    "Massey Hall",
    "the Ryman",
    "Newport",
    "Carnegie Hall",
    "the Forum",
    "Royal Albert Hall",
    "Tokyo Dome",
    "Paléo",
    "Roskilde",
)
REMIXERS = _split("""
    Koldar Nimbus Vectra Sundial Hexagon Parallax Monokrom Tessel Oktav Lumen Cassini Driftwood Halcyon Bexley
    Rotor
""")
LABELS = (
    "Lantern Records",
    "Parallel Sound",
    "Blackbird & Sons",
    "Tin Roof",
    "North Pier Music",
    "Oxbow",
    "Velvet Static",
    "Harbor Lane",
    "Sixpence Recordings",
    "Meridian",
    "Paper Crane",
    "Signal Hill",
    "Ferrous",
    "Night Bus",
    "Old Mill Records",
)
# genre -> (AOTY number, tags listeners give)
GENRES: dict[str, tuple[int, tuple[str, ...]]] = {
    "Indie Rock": (1, ("indie rock", "indie", "rock", "alternative", "guitar")),
    "Art Rock": (14, ("art rock", "progressive rock", "rock", "70s", "experimental")),
    "Pop": (15, ("pop", "female vocalists", "catchy", "dance pop", "singer-songwriter")),
    "Synthpop": (27, ("synthpop", "80s", "new wave", "electronic", "synth")),
    "Shoegaze": (26, ("shoegaze", "dream pop", "noise pop", "ethereal", "90s")),
    "Singer-Songwriter": (37, ("singer-songwriter", "folk", "acoustic", "mellow", "storytelling")),
    "Contemporary Folk": (40, ("folk", "indie folk", "acoustic", "americana", "banjo")),
    "Conscious Hip Hop": (45, ("hip hop", "rap", "conscious hip hop", "underground hip-hop", "east coast")),
    "Trap": (213, ("trap", "rap", "hip hop", "southern hip hop", "bass")),
    "House": (60, ("house", "electronic", "dance", "club", "deep house")),
    "Techno": (62, ("techno", "electronic", "minimal", "dance", "hypnotic")),
    "Ambient": (66, ("ambient", "drone", "instrumental", "atmospheric", "chillout")),
    "Jazz Fusion": (73, ("jazz", "fusion", "instrumental", "saxophone", "groove")),
    "Neo-Soul": (80, ("neo-soul", "soul", "rnb", "groove", "smooth")),
    "Heavy Metal": (90, ("metal", "heavy metal", "hard rock", "guitar", "80s")),
    "Post-Punk": (95, ("post-punk", "punk", "new wave", "gothic", "bass")),
    "Punk Rock": (97, ("punk", "punk rock", "hardcore", "fast", "diy")),
    "Alternative Country": (104, ("alt-country", "country", "americana", "roots", "steel guitar")),
    "J-Pop": (120, ("j-pop", "japanese", "anime", "pop", "city pop")),
    "K-Pop": (121, ("k-pop", "korean", "pop", "dance", "idol")),
    "Chanson": (130, ("chanson", "french", "singer-songwriter", "poetic", "piano")),
    "Modern Classical": (140, ("modern classical", "piano", "strings", "minimalism", "contemplative")),
}
GENRE_OF_TONGUE = {"ja": "J-Pop", "ko": "K-Pop", "fr": "Chanson"}
