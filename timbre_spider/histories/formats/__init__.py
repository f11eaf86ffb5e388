"""The formats, the more particular before the more general."""

from timbre_spider.histories.formats import (
    apple,
    deezer,
    lastfm,
    listenbrainz,
    own_servers,
    plain,
    scrobbler_log,
    spotify,
    youtube,
)

FORMATS = (
    spotify.EXTENDED,
    spotify.ACCOUNT,
    lastfm.JSON,
    lastfm.GHAN,
    lastfm.FOUR_COLUMNS,
    own_servers.MALOJA,
    own_servers.KOITO,
    lastfm.STATS,
    lastfm.STATS_TABLE,
    listenbrainz.LISTENS,
    deezer.LISTENING,
    apple.ACTIVITY,
    apple.DAYS,
    apple.RECENT,
    youtube.WATCHED,
    scrobbler_log.LOG,
    plain.PLAIN,
)
