"""The words that tell a variant, in the languages names are written in. Looked up folded (`text.fold`)."""

from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.writing.text import fold, vocabulary

_BY_KIND = {
    Variant.REMASTER: """
        remaster | remastered | re mastered | re master | remastering | remasters | digital remaster
        digitally remastered | digital remastered | restored | remix and remaster | remasterizado | remasterizada
        remasterisado | remasterizacion | remasterizacao | remasterizado digitalmente | remasterise | remasterisee
        rimasterizzato | rimasterizzata | remasterizzato | remasterizzata | remastert | remasteriserad
        neu gemastert | リマスター | リマスタリング | デジタル リマスター | 리마스터 | 리마스터링 | 重制版 | 重制
        重新制作 | ремастер | ремастеринг | ремастированный | רימאסטר | רימאסטרינג | רמסטר | רימסטר | ريماستر
        معاد اتقانها""",
    Variant.LIVE: """
        live | recorded live | live recording | live session | live sessions | live lounge | live room | live take
        live in studio | live in session | in concert | unplugged live | live performance | live video | concert
        spotify singles | spotify session | spotify sessions | a colors show | colors show | a colors encore
        tiny desk | tiny desk concert | like a version | vevo session | home session | one take | peel session
        en vivo | en directo | directo | vivo | en concierto | concierto | grabado en vivo | ao vivo
        gravado ao vivo | en direct | en concert | en public | enregistre en public | dal vivo | in concerto
        im konzert | konzert | konzertmitschnitt | na zywo | koncert | canli | canli performans | live opptak
        ライブ | ライヴ | ライブバージョン | 생방송 | 라이브 | 현장 | 실황 | 现场 | 演唱会 | 现场录音 | концерт
        концертная | концертное | концертный | на концерте | вживую | живая | живое | живой звук | лайв | לייב
        הופעה חיה | בהופעה | בהופעה חיה | חי | בלייב | مباشر | حي | حيه | حفله | حفل | لايف""",
    Variant.ACOUSTIC: """
        acoustic | unplugged | stripped | stripped down | stripped back | acustico | acustica | acoustique | akustik
        akustisch | akustikversion | akustisk | akoestisch | akoestische | akustyczna | akustycznie | акустика
        акустическая | акустический | アコースティック | アコギ | 어쿠스틱 | 不插电 | 原声 | 木吉他 | אקוסטי
        אקוסטית | اكوستيك | صوتيه""",
    Variant.EDITION: """
        deluxe | super deluxe | expanded | explicit | explicite | explicito | explicit content | clean | edited
        uncensored | censored | bonus | bonus track | bonus tracks | bonustrack | hidden track | hidden
        anniversary | extra track | tema extra | pista adicional | pista extra | tema adicional | bonus cancion
        faixa bonus | faixa extra | piste bonus | titre bonus | traccia bonus | bonusspur | бонус | бонус трек
        ボーナストラック | ボーナス | 보너스 트랙 | 보너스 | 附加曲 | רצועת בונוס | בונוס | collector | collectors
        edition | special edition | limited edition | edicion | edicao | edizione | ausgabe | album | album version
        album edit | album mix | album cut | albumversion | version album | lp version | version del album
        versao do album | ep version | full version | full song | original | original mix | original version
        originalversion | original edit | original recording | version originale | version original
        versao original | versione originale | versao completa | version completa | оригинал | полная версия | 原版
        完整 | 原曲 | オリジナル | フル | 원곡 | מקורי | النسخه الاصليه | official | official video | official audio
        official music video | official track | music video | lyric video | lyrics video | official lyric video
        official lyrics video | lyrics | lyric | with lyrics | audio | audio only | official visualizer
        official visualiser | visualizer | visualiser | official clip | videoclip | video clip | clip
        official live video | m v | mv | premiere | full hd | hd | hq | uhd | 4k | 8k | 720p | 1080p | 1440p | 2160p
        hd video | high quality | free download | free dl | out now | ncs release | monstercat release
        video oficial | videoclip oficial | clipe oficial | audio oficial | visualizador oficial | letra | con letra
        com letra | letras | clip officiel | video officielle | audio officiel | paroles | avec paroles
        offizielles video | offizielles musikvideo | video ufficiale | audio ufficiale | testo | con testo
        officiell video | oficjalny klip | teledysk | resmi video | sozleri | официальное видео | официальный клип
        клип | видео | видеоклип | аудио | премьера | премьера клипа | премьера песни | текст | с текстом | 公式
        歌詞付き | 官方 | 官方完整版 | 歌词 | 高音质 | 뮤직비디오 | 뮤비 | 공식 | 가사 | הקליפ הרשמי | קליפ רשמי
        קליפ | רשמי | מילים | كلمات | فيديو كليب | الفيديو الرسمي | حصريا | حصري | main | standard | single
        digital single | b side | bside | a side | soundtrack version | reissue | re issue""",
    Variant.MONO: """
        mono | stereo | mono mix | stereo mix | mono single | stereo single | mono single mix | モノラル""",
    Variant.RADIO_EDIT: """
        radio | radio edit | radioedit | radio mix | radio version | radioversion | radio cut | radio single
        radio remix | radio fassung | single edit | single version | singleversion | single mix | edit
        edit version | video edit | video version | video mix | airplay edit | airplay mix | short edit
        short version | short mix | 7 version | 7 mix | 7 edit | 7 single | 7 inch | 7 inch version | 7 inch edit
        7 inch mix | 7 single version | 7 single edit | clean edit | clean radio | edit radio | version radio
        edicion radio | edicion de radio | version de radio | version single | version sencillo | versao radio
        versao single | versione radio | versione singolo | kurzfassung | kurzversion | ラジオエディット
        ラジオ エディット | 라디오 에디트 | 电台 | радио | радио версия | радиоверсия | радио эдит | רדיו
        גרסת רדיו""",
    Variant.EXTENDED: """
        extended | 12 | 12 inch | long | club extended | maxi | maxi single | full length | lange fassung
        extendida | estendida | estesa | version longue | version larga | versao longa | 加长 | エクステンデッド""",
    Variant.DEMO: """
        demo | demos | demo tape | maqueta | maquette | rough mix | early take | early | work in progress
        unreleased | デモ | 데모 | 小样 | демо | דמו | ديمو""",
    Variant.OUTTAKE: "outtake | outtakes | out take | studio outtake | descarte",
    Variant.ALTERNATE: """
        alternate take | alternate | alternative | alternate mix | alternative take | alt take | alternate version
        first take | toma alternativa | prise alternative""",
    Variant.REHEARSAL: """
        rehearsal | rehearsals | studio rehearsal | ensayo | repetition | probe | репетиция | リハーサル""",
    Variant.REMIX: """
        remix | rmx | remixed | remixes | club mix | dance mix | club | dub | dub mix | mashup | mash up | remezcla
        リミックス | 리믹스 | 混音 | ремикс | רמיקס | רימיקס | ريمكس""",
    Variant.INSTRUMENTAL: """
        instrumental | inst | instrumentale | instrumentals | instrumentaal | instrumentalversion | piano instrumental
        off vocal | backing track | without vocals | no vocals | sin voz | sin voces | sem voz | sans voix
        ohne gesang | インストゥルメンタル | インスト | オフボーカル | 歌なし | 인스트루멘탈 | 인스트 | 반주
        연주곡 | 伴奏 | 纯音乐 | инструментал | инструментальная | минус | минусовка | אינסטרומנטלי | אינסטרומנטלית
        موسيقي فقط""",
    Variant.ACAPPELLA: """
        acapella | a cappella | acappella | acapela | a capella | vocals only | アカペラ | 清唱 | акапелла""",
    Variant.KARAOKE: "karaoke | playback | カラオケ | 노래방 | 卡拉OK | караоке | קריוקי | كاريوكي",
    Variant.COVER: """
        cover | covers | cover song | tribute | カバー | 커버 | 翻唱 | кавер | קאבר | كوفر""",
    Variant.SPED_UP: "sped up | speed up | spedup | speedup | nightcore | fast | faster",
    Variant.SLOWED: """
        slowed | slowed down | slowed and reverb | slowed reverb | slow | slower | screwed | daycore
        chopped and screwed""",
    Variant.RERECORDED: """
        rerecorded | re recorded | rerecording | re recording | newly recorded | taylors | neuaufnahme | regrabado
        regrabada | regravado | regravada""",
}


def _phrases(text: str) -> list[str]:
    return [fold(phrase) for phrase in text.replace("\n", "|").split("|") if phrase.strip()]


# A piece of a name is a variant when these phrases, fillers and years use up all its words.
PHRASES: dict[str, Variant] = {phrase: kind for kind, text in _BY_KIND.items() for phrase in _phrases(text)}
# For the word a phrase begins with, the words of the longest such phrase.
LONGEST_FROM: dict[str, int] = {}
for _phrase in PHRASES:
    _first, _length = _phrase.partition(" ")[0], _phrase.count(" ") + 1
    LONGEST_FROM[_first] = max(_length, LONGEST_FROM.get(_first, 0))

# Words for "version"; they also make a weak word a variant ("early version").
VERSION = vocabulary(
    fold(
        "version versions ver versao versione versie versja fassung wersja verzio バージョン ヴァージョン 버전 版"
        " версия גרסה גרסת נסחת نسخه edition edicion mix inch take"
    )
)
# Countries and formats a release is made for; they tell no other recording.
_RELEASED_AS = vocabulary(
    "us usa uk eu american british european international digital cd dvd lp vinyl itunes bit 16 24 32 44 48"
    " 96 192 khz 1khz 2khz hi res hires hd"
)
FILLERS = (
    VERSION
    | _RELEASED_AS
    | vocabulary(
        fold(
            "variant rendition the a an in on de du del da do en la le les el der die das new and y e et und reverb"
            " audio track tracks recording remastered bonus full music song клип песни の を"
        )
    )
)
# Alone these may be the title's own: "(12)", "(Main)", "(Early)".
WEAK = vocabulary(
    fold(
        "12 long main standard hidden early alternative alternate fast faster slow slower club dub single"
        " restored edited collector collectors anniversary tribute album radio vivo directo concert konzert"
        " koncert concierto clip probe repetition minus минус оригинал текст видео концерт חי מקורי מילים قسم حي"
        " حفل حفله كلمات premiere 原版 原曲 完整"
    )
)
# A name before these tells by whom the remix is; before the others, which version it is.
BY_WHOM = vocabulary(
    fold(
        "remix rmx mix rework reworked edit dub bootleg flip refix vip remode recut mashup megamix remixed ремикс"
        " リミックス 리믹스 混音 רמיקס"
    )
)
# Two words for one kind of remix; a plain "remix" is told by its maker alone.
_PLAIN_REMIX = fold("remix rmx remixed remixes remezcla ремикс リミックス 리믹스 混音 רמיקס רימיקס ريمكس").split()
KIND_OF_REMIX = dict.fromkeys(_PLAIN_REMIX, "") | {"reworked": "rework"}
OF_WHICH = vocabulary(
    fold("version ver versao versione versie fassung wersja версия バージョン ヴァージョン 버전 版 cover")
)
SESSIONS = vocabulary("session sessions sesion sesiones sessao sitzung")
STAGES = vocabulary(
    "mtv bbc radio 1 vh1 kexp npr triple j spotify itunes audiotree daytrotter vevo amazon apple deezer"
)

# Places after "live", when no "at" stands before them: kinds of venue, countries,
# and cities the world's tours stop at.
PLACES = vocabulary(
    "arena hall stadium theatre theater teatro club festival fest park garden gardens square palace palais"
    " studio studios room church cathedral ballroom bowl coliseum colosseum dome forum center centre"
    " auditorium house casino opera academy apollo hippodrome amphitheatre amphitheater pavilion halle stadion"
    " olympia zenith paradiso wembley budokan fillmore argentina australia austria belgium brazil canada chile"
    " denmark england finland france germany ireland italy japan mexico netherlands norway poland portugal"
    " scotland spain sweden switzerland usa wales amsterdam antwerp athens atlanta austin baltimore bangkok"
    " barcelona beijing belfast berlin birmingham bogota boston brighton bristol brussels budapest cardiff"
    " chicago cleveland cologne copenhagen dallas denver detroit dublin edinburgh frankfurt geneva glasgow"
    " hamburg helsinki houston istanbul jakarta jerusalem johannesburg kyoto leeds leipzig lima lisbon"
    " liverpool london lyon madrid manchester manila marseille melbourne memphis miami milan milano"
    " minneapolis montreal montreux moscow munich nashville newcastle nottingham osaka oslo oxford paris"
    " philadelphia phoenix pittsburgh portland porto prague reading roma rome rotterdam sacramento santiago"
    " seattle seoul shanghai sheffield singapore stockholm sydney taipei tokyo toronto toulouse valencia"
    " vancouver vienna warsaw washington wien zurich"
)

# Words an unspaced script runs together with what stands before them: "現場版", "日本語バージョン", "라이브버전".
GLUED = tuple(
    sorted(
        {
            word
            for phrase in (*PHRASES, *VERSION, *OF_WHICH)
            for word in phrase.split()
            if word and (word[0] > "\u3040" or word == "ver")
        },
        key=lambda word: (-len(word), word),
    )
)

# A segment without any of these tells no variant: the quick answer for most brackets.
TELLING = (
    frozenset(word for phrase in PHRASES for word in phrase.split())
    | BY_WHOM
    | OF_WHICH
    | SESSIONS
    | {"from", "by", "style", "prod"}
) - vocabulary("a in en im na on the with and up off of com con avec no one out show like free с на y e et de")

# Titles that many recordings bear: alike, they say little.
COMMON_TITLES = vocabulary("untitled intro outro interlude silence unknown datatrack introduction prelude skit reprise")

# In brackets behind a title of another script these tell a song from its namesake; they translate nothing.
_WHICH = vocabulary(
    "part pt vol volume medley reprise outro coda finale overture theme ost 8d dubstep trap lofi lo fi edit mix english"
    " chinese mandarin cantonese japanese korean russian arabic hebrew german french spanish italian version ver the a"
    " of in 1 2 3 4 5 6 7 8 9 10 i ii iii iv v vi"
)
SAYS_WHICH = COMMON_TITLES | WEAK | _WHICH
