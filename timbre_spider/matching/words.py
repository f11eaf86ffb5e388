"""The words that tell a variant, in the languages they are usually written in. Folded spelling (`text.fold`)."""

from timbre_spider.matching.text import vocabulary
from timbre_spider.matching.variants import Variant

_BY_KIND = {
    Variant.REMASTER: """
        remaster | remastered | remastering | remasters | digital remaster | digitally remastered | restored
        remasterizado | remasterizada | remasterisado | remasterizacion | remasterizacao
        remasterise | remasterisee | rimasterizzato | rimasterizzata | remasterizzato | remasterizzata
        remastert | remasteriserad | リマスター | リマスタリング | 리마스터 | 重制版 | ремастер | ремастеринг""",
    Variant.LIVE: """
        live | recorded live | live recording | live session | live sessions | live lounge | live room | live take
        live in studio | live in session | in concert | unplugged live
        en vivo | en directo | en concierto | grabado en vivo | ao vivo | gravado ao vivo | en direct | en concert
        en public | enregistre en public | dal vivo | in concerto | im konzert | na zywo | canli
        ライブ | ライヴ | ライブバージョン | 라이브 | 现场 | 現場 | 现场版 | 現場版 | концерт | концертная | вживую""",
    Variant.ACOUSTIC: """
        acoustic | unplugged | stripped | stripped down | acustico | acustica | acoustique | akustik | akustisch
        akustikversion | akustisk | akoestisch | akoestische | akustyczna | アコースティック | 어쿠스틱 | акустика
        акустическая""",
    Variant.EDITION: """
        deluxe | super deluxe | expanded | explicit | explicite | explicit content | clean | edited | uncensored
        censored | bonus | bonus track | bonus tracks | bonustrack | hidden track | hidden | anniversary
        collector | collectors | edition | special edition | limited edition | edicion | edicao | edizione | ausgabe
        album | album version | album edit | album mix | album cut | albumversion | version album | lp version
        ep version | full version | original | original mix | original version | originalversion | original edit
        original recording | version originale | version original | versao original | versione originale
        official | official video | official audio | official music video | music video | lyric video | lyrics video
        official lyric video | lyrics | with lyrics | audio | visualizer | main | standard | single | b side | bside
        a side | soundtrack version | hd | hq""",
    Variant.MONO: "mono | stereo | mono mix | stereo mix | mono single | stereo single | mono single mix",
    Variant.RADIO_EDIT: """
        radio | radio edit | radioedit | radio mix | radio version | radioversion | radio cut | radio single
        radio remix | radio fassung | single edit | single version | singleversion | single mix | edit | edit version
        video edit | video version | video mix | airplay edit | airplay mix | short edit | short version | short mix
        7 version | 7 mix | 7 edit | 7 single | 7 inch | 7 inch version | 7 inch edit | 7 inch mix | 7 single version
        7 single edit | clean edit | clean radio | edit radio | version radio | edicion radio | edicion de radio
        versao radio | versione radio | kurzfassung | ラジオエディット | ラジオ エディット | радио""",
    Variant.EXTENDED: """
        extended | 12 | 12 inch | long | club extended | maxi | maxi single | full length | lange fassung
        version longue | version larga""",
    Variant.DEMO: """
        demo | demos | demo tape | maqueta | maquette | rough mix | outtake | outtakes | alternate take | alternate
        alternative | alternate mix | alternative take | early take | early | first take | rehearsal
        work in progress | unreleased | デモ | демо""",
    Variant.REMIX: """
        remix | rmx | remixed | remixes | club mix | dance mix | club | dub | dub mix | mashup | mash up | remezcla
        リミックス | 리믹스 | ремикс""",
    Variant.INSTRUMENTAL: """
        instrumental | instrumentale | instrumentals | instrumentaal | instrumentalversion | piano instrumental
        off vocal | backing track | without vocals | インストゥルメンタル | 伴奏 | инструментал""",
    Variant.ACAPPELLA: "acapella | a cappella | acappella | acapela | a capella | vocals only",
    Variant.KARAOKE: "karaoke | playback | カラオケ | 노래방 | караоке",
    Variant.COVER: "cover | covers | cover song | tribute | カバー | 翻唱 | кавер",
    Variant.SPED_UP: "sped up | speed up | spedup | speedup | nightcore | fast | faster",
    Variant.SLOWED: "slowed | slowed down | slowed and reverb | slowed reverb | slow | slower | screwed | daycore"
    " | chopped and screwed",
    Variant.RERECORDED: "rerecorded | re recorded | rerecording | re recording | newly recorded | taylors"
    " | neuaufnahme | regrabado | regrabada",
}


def _phrases(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.replace("\n", "|").split("|") if phrase.strip()]


# A piece of a name is a variant when these phrases, fillers and years use up all its words.
PHRASES: dict[str, Variant] = {phrase: kind for kind, text in _BY_KIND.items() for phrase in _phrases(text)}
# For the word a phrase begins with, the words of the longest such phrase.
LONGEST_FROM: dict[str, int] = {}
for _phrase in PHRASES:
    _first, _length = _phrase.partition(" ")[0], _phrase.count(" ") + 1
    LONGEST_FROM[_first] = max(_length, LONGEST_FROM.get(_first, 0))

# Words for "version"; they also make a weak word a variant ("early version").
VERSION = vocabulary(
    "version versions ver versao versione versie versja fassung wersja バージョン 버전 版 версия edition edicion mix"
    " inch take"
)
FILLERS = VERSION | vocabulary(
    "variant rendition the a an in on de du en la le new and reverb audio track tracks video recording remastered cd"
    " dvd bonus full digital"
)
# Alone these may be the title's own: "(12)", "(Main)", "(Early)".
WEAK = vocabulary(
    "12 long main standard hidden early alternative alternate fast faster slow slower club dub hd hq single restored"
    " lyrics edited audio bonus collector collectors anniversary tribute album radio 伴奏"
)
# A name before these tells by whom the remix is; before the others, which version it is.
BY_WHOM = vocabulary(
    "remix rmx mix rework reworked edit dub bootleg flip refix vip remode recut mashup megamix remixed"
)
OF_WHICH = vocabulary("version ver versao versione versie fassung wersja версия cover")
SESSIONS = vocabulary("session sessions")
STAGES = vocabulary("mtv bbc radio 1 vh1 kexp npr triple j spotify itunes")

# A segment without any of these tells no variant: the quick answer for most brackets.
TELLING = (
    frozenset(word for phrase in PHRASES for word in phrase.split())
    | BY_WHOM
    | OF_WHICH
    | SESSIONS
    | {"from", "by", "style"}
) - vocabulary("a in en im na on the with and up off of")

# Titles that many recordings bear: alike, they say little.
COMMON_TITLES = vocabulary("untitled intro outro interlude silence unknown datatrack introduction prelude skit reprise")
