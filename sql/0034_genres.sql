-- One list of a song's genres from whoever tells any: Album of the Year's genres and tags, Last.fm's tags. Spellings of a
-- name are one ("Hip-Hop", "hiphop"), and what is no genre is told apart: moods, places, periods, how it sounds, noise.
--
-- The names stand here and not in the program, because songs get their tags here: from merges and from the catalogue.

-- What spellings of a name share: no case, accents, signs or spaces. A name of signs alone is itself.
CREATE OR REPLACE FUNCTION timbre_tag_key(name text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(nullif(replace(timbre_plain_words(name), ' ', ''), ''), lower(left(name, 500)));

-- The keys of all in a list of names, or of Last.fm's tags with their weights. Costly, so that many are looked up in an index.
CREATE OR REPLACE FUNCTION timbre_tag_keys(tags jsonb) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2000
RETURN CASE jsonb_typeof(tags)
    WHEN 'array' THEN ARRAY(SELECT timbre_tag_key(t) FROM jsonb_array_elements_text(tags) t)
    WHEN 'object' THEN ARRAY(SELECT timbre_tag_key(t) FROM jsonb_object_keys(tags) t)
END;

CREATE TABLE IF NOT EXISTS genre_names (
    key text PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('genre', 'mood', 'place', 'period', 'sound', 'noise'))
);

COMMENT ON TABLE genre_names IS 'Names of genres and of what else tags tell, by what their spellings share; the schema fills it';
COMMENT ON COLUMN genre_names.key IS 'The spelling without case, accents, signs and spaces';
COMMENT ON COLUMN genre_names.name IS 'The name it goes by';
COMMENT ON COLUMN genre_names.kind IS 'genre, mood, place, period, sound (how it is made) or noise (what listeners note for themselves)';

DELETE FROM genre_names;
-- Names are parted by semicolons; behind = stand other words for the same.
INSERT INTO genre_names (key, name, kind)
SELECT DISTINCT ON (timbre_tag_key(word)) timbre_tag_key(word), trim(split_part(entry, '=', 1)), kind
FROM (VALUES
    ('genre', 'hip hop = hip-hop/rap, hip hop & rap, hip hop music, hiphop rap; rap = rap music, rapper; conscious hip hop = conscious rap; abstract hip hop; alternative hip hop = alternative rap; experimental hip hop = experimental rap; instrumental hip hop; hardcore hip hop = hardcore rap; industrial hip hop; underground hip hop = underground rap; east coast hip hop = east coast rap, east coast; west coast hip hop = west coast rap, west coast; southern hip hop = southern rap, dirty south; uk hip hop = british hip hop, uk rap; old school hip hop = old school rap, oldschool rap; boom bap; gangsta rap = gangster rap, gangsta; jazz rap; pop rap; cloud rap; emo rap; memphis rap; political hip hop; lo-fi hip hop = lofi hip hop; trap = trap music, trap rap; drill; uk drill; chicago drill; grime; crunk; horrorcore; g-funk; hyphy; turntablism; phonk; plugg; rage; trip hop; glitch hop; hip house'),
    ('genre', 'rock = rock music; alternative rock = alternative, alt rock, alternative rock music, alternativ; indie = indie music; indie rock; indie pop; indie folk; indietronica = indie electronic; art rock; art pop; pop rock; hard rock; soft rock; classic rock; progressive rock = prog, prog rock, progressive; symphonic prog; psychedelic rock = psychedelic, psych rock, psych; psychedelic pop; psychedelic folk; neo-psychedelia; space rock; krautrock; garage rock = garage; post-rock; math rock; noise rock; experimental rock; stoner rock = stoner; southern rock; folk rock; blues rock; country rock; roots rock; heartland rock; glam rock = glam; gothic rock = goth, goth rock, gothic; surf rock = surf, surf music; piano rock; industrial rock; rap rock; funk rock; jazz-rock; acid rock; slacker rock; yacht rock; grunge; post-grunge; britpop; shoegaze = shoegazing, shoegazer, nu gaze; dream pop; noise pop; jangle pop; power pop; twee pop = twee; slowcore = sadcore; new wave; no wave; rock and roll = rock n roll, rock ''n'' roll, rocknroll; rockabilly; psychobilly; emo = emo rock; midwest emo; screamo; j-rock = japanese rock, jrock; lo-fi = lofi; jam band = jam; aor; beat music = merseybeat; baggy = madchester; rock opera'),
    ('genre', 'punk = punk music; punk rock; post-punk; post-punk revival; hardcore punk = hardcore; post-hardcore; melodic hardcore; pop punk; skate punk = skatepunk; ska punk; art punk; dance-punk; folk punk; horror punk; street punk; oi; crust punk = crust; anarcho-punk; proto-punk; riot grrrl = riot grrl; queercore; synth punk; powerviolence; metal; heavy metal; thrash metal = thrash; death metal; melodic death metal = melodeath; technical death metal; brutal death metal; black metal; atmospheric black metal; blackgaze; doom metal = doom; sludge metal = sludge; stoner metal; drone metal; power metal; speed metal; progressive metal = prog metal; symphonic metal; gothic metal; folk metal; viking metal; industrial metal; alternative metal = alt metal; nu metal = numetal, nü-metal; groove metal; glam metal = hair metal; avant-garde metal; post-metal; metalcore; deathcore; mathcore; grindcore = grind; djent; rap metal; funk metal; nwobhm = new wave of british heavy metal; neue deutsche härte'),
    ('genre', 'electronic = electronica, electronic music, electro music, elektro; electronic dance music = edm; dance = dance music; electro; house = house music; deep house; tech house; progressive house; acid house; french house; electro house; outsider house; microhouse; techno = techno music; minimal techno; dub techno; ambient techno; detroit techno; acid techno; trance = trance music; psytrance = psychedelic trance, goa trance, goa; drum and bass = dnb, drum n bass, drum & bass, d&b, drum''n''bass; liquid drum and bass = liquid funk; jungle; breakbeat = breaks; big beat; breakcore; dubstep; future garage; uk garage = 2-step, 2 step garage; uk bass; footwork = juke; idm = intelligent dance music, braindance; glitch; glitch pop; downtempo = downbeat; chillwave; vaporwave; synthwave = retrowave, outrun; witch house; future bass; hardstyle; gabber; happy hardcore; hardcore techno; eurodance; europop; italo disco = italo; disco; nu-disco; electro-disco; post-disco; synthpop = synth-pop, technopop, electro pop music; electropop; electroclash; new rave; ebm = electronic body music; industrial = industrial music; post-industrial; electro-industrial; darkwave = dark wave; coldwave = cold wave; minimal wave; ethereal wave; ambient = ambient music; dark ambient; space ambient; drone = drone music; noise = noise music; harsh noise; progressive electronic = berlin school; new age; chiptune = 8-bit, 8bit, chip music; hyperpop; bubblegum bass; deconstructed club; wonky; folktronica; nu jazz; plunderphonics; sound collage; hauntology; alternative dance; hi-nrg'),
    ('genre', 'pop = pop music; dance-pop; alt-pop = alternative pop; ambient pop; baroque pop; bedroom pop; chamber pop; folk pop; jazz pop; progressive pop; sophisti-pop; sunshine pop; traditional pop; hypnagogic pop; latin pop; french pop; teen pop; boy band = boybands; girl group = girl groups; k-pop = korean pop, kpop; j-pop = japanese pop, jpop; city pop; mandopop; cantopop; c-pop; schlager; chanson = chanson francaise, chanson française; shibuya-kei; singer-songwriter = singer songwriters, singer/songwriter; adult contemporary; easy listening; lounge; exotica; musical = musicals, show tunes, show tune, broadway; soundtrack = soundtracks, ost, film score, score, film music; anime = anime music; video game music = vgm, game music; christmas = christmas music, xmas; comedy; spoken word; children''s music = kids, children; vocal; a cappella = acapella'),
    ('genre', 'soul = soul music; neo-soul; pop soul; smooth soul; psychedelic soul; blue-eyed soul; southern soul; northern soul; deep soul; motown = motown sound; r&b = rnb, r and b, rhythm and blues, rhythm & blues, r''n''b, r n b; contemporary r&b = contemporary rnb; alternative r&b = alternative rnb, pbr&b; new jack swing; quiet storm; funk = funk music, funky; p-funk; jazz-funk; synth funk; boogie; go-go; gospel; doo-wop = doo wop; jazz = jazz music; jazz fusion = fusion, jazz-fusion; free jazz; avant-garde jazz; spiritual jazz; vocal jazz = jazz vocal; smooth jazz; cool jazz; modal jazz; latin jazz; acid jazz; bebop = bop; hard bop; post-bop; big band; swing; dixieland; ragtime; soul jazz; chamber jazz; dark jazz; gypsy jazz = jazz manouche; blues = blues music; delta blues; chicago blues; electric blues; country blues; piano blues'),
    ('genre', 'folk = folk music; contemporary folk; traditional folk = traditional folk music; progressive folk; chamber folk; freak folk; avant-folk; anti-folk; neofolk; celtic folk; celtic = celtic music; americana; alt-country = alternative country, altcountry; country = country music; country pop; contemporary country; outlaw country; honky tonk; bluegrass; western swing; red dirt; classical = classical music; modern classical = contemporary classical, neoclassical, neo-classical; cinematic classical; baroque; romantic classical; opera; choral = choir; chamber music; orchestral; minimalism; avant-garde = avantgarde; experimental = experimental music; electroacoustic; musique concrète; tape music; free improvisation = improvised music; reggae = reggae music; roots reggae; dub = dub music; dancehall = ragga; ska; rocksteady; reggaeton; latin = latin music; latin rock; salsa; cumbia; bachata; merengue; bolero; mariachi; ranchera; tango; bossa nova = bossanova; samba; mpb = musica popular brasileira; tropicália = tropicalismo; forró; funk carioca = baile funk, funk brasileiro; flamenco; fado; afrobeat; afrobeats; highlife; soukous; desert blues = tishoumaren; rai; klezmer; balkan; bollywood; qawwali; world = world music; zeuhl; medieval; tribal; worship = contemporary christian, ccm'),
    ('mood', 'mellow; sad = sad songs, sad music, sadness; melancholic = melancholy, melancholia, melancholique; happy = happy music, feel good, feelgood; chill = chilled, chill music, chillout, chill-out, chill out, relaxing, relax, relaxed, relaxing music; calm = calming, soothing; dark; dreamy = dreams; atmospheric = atmosphere; ethereal; romantic = romance; sexy = sensual; energetic = energy, energizing; upbeat = uplifting, fun, cheerful; aggressive = angry, anger; epic; intense; haunting; hypnotic = trippy; nostalgic = nostalgia; bittersweet; beautiful; catchy; groovy = groove; party = party music; summer = summertime, sunny; winter; autumn; night = late night, nocturnal; rainy = rainy day; sleep = sleepy; driving; workout; contemplative; poetic; smooth; lush; warm; cold; lonely = loneliness; heavy; raw; fast; slow; soft; quiet; passionate; playful; quirky; spiritual; anxious; apocalyptic; futuristic; urban; pastoral; sarcastic; political; love = love songs, love song'),
    ('place', 'american = usa, us, united states, america; british = uk, united kingdom, britain; english = england; scottish = scotland; welsh = wales; irish = ireland; canadian = canada; australian = australia, aussie; new zealand = nz, kiwi; german = germany, deutsch, deutschland; austrian = austria; swiss = switzerland; french = france, francais, français; belgian = belgium; dutch = netherlands, holland, nederlands; swedish = sweden, svenskt; norwegian = norway, norsk; danish = denmark, dansk; finnish = finland, suomi; icelandic = iceland; scandinavian = scandinavia, nordic; polish = poland, polskie, polska; czech; hungarian = hungary; romanian = romania; russian = russia; ukrainian = ukraine; greek = greece; turkish = turkey; italian = italy, italiano; spanish = spain, español, espanol; portuguese = portugal; brazilian = brazil, brasil, brasileiro, brasileira; argentinian = argentina, argentine; mexican = mexico; chilean = chile; colombian = colombia; cuban = cuba; jamaican = jamaica; puerto rican = puerto rico; african = africa; nigerian = nigeria; malian = mali; south african = south africa; israeli = israel; arabic = arab; indian = india; japanese = japan; korean = korea, south korea; chinese = china; taiwanese = taiwan; european = europe; seattle; new york = nyc, brooklyn; california; los angeles; chicago; detroit; texas; london; manchester; bristol; berlin; montreal; toronto; atlanta; nashville; memphis; sheffield; liverpool; glasgow'),
    ('sound', 'female vocalists = female vocalist, female vocals, female vocal, female, female voice, female singer; male vocalists = male vocalist, male vocals, male vocal, male; instrumental = instrumentals; acoustic = acoustic guitar, unplugged; guitar; piano; saxophone = sax; violin; strings; synth = synthesizer, synths; bass; banjo; steel guitar; cello; trumpet; harmonica; live = live recording; cover = covers, cover song; remix = remixes; minimal; storytelling; duet; soundscape = soundscapes'),
    ('period', '1950s = 50s, 50''s, fifties; 1960s = 60s, 60''s, sixties; 1970s = 70s, 70''s, seventies; 1980s = 80s, 80''s, eighties, 80s music; 1990s = 90s, 90''s, nineties, 90s music; 2000s = 00s, 00''s, noughties; 2010s = 10s; 2020s = 20s; oldies = oldie; classic = classics'),
    ('noise', 'seen live = seen in concert, live seen; favourites = favorites, favourite, favorite, favourite songs, favorite songs, my favorites, favs, faves, favorite artists, favourite artists, fav; loved = i love, love it, loved tracks, lovedbylastfm; awesome; amazing; great; good; best; brilliant; cool; perfect; genius; legend = legends, legendary; masterpiece; overrated; underrated; guilty pleasure = guilty pleasures; albums i own = own, owned, cds i own, vinyl; check out = to check out, checkout, to listen, listen later, discover; spotify; youtube; lastfm = last fm; my music = mine; all; music; songs; band = bands, artist, artists; group; under 2000 listeners; wishlist; 5 stars = five stars; diy; radio; top; new; free; unknown; whatever; test; hot')
) told (kind, names), regexp_split_to_table(names, '\s*;\s*') entry, regexp_split_to_table(entry, '\s*[=,]\s*') word
ORDER BY timbre_tag_key(word), trim(split_part(entry, '=', 1)) <> word, kind, entry;

-- What kind of tag a name is that genre_names does not have, by its plain words.
CREATE OR REPLACE FUNCTION timbre_tag_kind(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN words ~ '^(the )?((early|late|mid) )?(1[89]\d0|20[0-2]0|\d0) ?s( music)?$' OR words ~ '^(1[89]|20)\d\d$' THEN 'period'
    WHEN words ~ '^(i|my|to|best|great|good|awesome|amazing|favou?rites?|cool|nice|the best|songs|music|bands|artists|albums?) '
        OR words ~ ' (i own|i love|i like|to listen|seen live)$' THEN 'noise'
    WHEN words ~ '(^| |[a-z])(rock|pop|metal|punk|core|gaze|wave|hop|step|jazz|blues|soul|funk|folk|rap|house|techno|trance|disco|country|reggae|ska|electronica?|ambient|psychedelia|grass|billy)$'
        OR words ~ '(^| )(emo|dub|noise|drone|industrial|classical|garage|trap|drill|swing|opera|r b|rnb|beats?|bass|goth|indie)$' THEN 'genre'
    ELSE 'other'
END;

-- The list: [{name, kind, weight, sources}], the heaviest first. A weight is 0 to 1, and grows with each source that tells the
-- name: the chance that one of them is right, were they right as often as they weigh and independent of each other.
CREATE OR REPLACE FUNCTION timbre_styles(genres jsonb, secondary jsonb, aoty_tags jsonb, lastfm_tags jsonb) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    WITH told AS (
        SELECT g AS spelling, 'aoty' AS source, CASE WHEN secondary ? g THEN 0.5 ELSE 0.9 END AS weight
        FROM jsonb_array_elements_text(genres) g
        UNION ALL SELECT t, 'aoty_tags', 0.4 FROM jsonb_array_elements_text(aoty_tags) t
        UNION ALL SELECT t.key, 'lastfm', 0.8 * least(greatest(t.value::numeric, 0), 100) / 100 FROM jsonb_each_text(lastfm_tags) t
    ), worded AS MATERIALIZED ( -- so that no spelling is folded twice
        SELECT timbre_tag_key(spelling) AS key, source, weight,
            coalesce(nullif(timbre_plain_words(spelling), ''), lower(left(spelling, 500))) AS words
        FROM told
    ), spelt AS (
        SELECT key, min(words COLLATE "C") AS words,
            max(weight) FILTER (WHERE source = 'aoty') AS aoty,
            max(weight) FILTER (WHERE source = 'aoty_tags') AS aoty_tags,
            max(weight) FILTER (WHERE source = 'lastfm') AS lastfm
        FROM worded GROUP BY key
    ), named AS (
        SELECT coalesce(n.name, s.words) AS name,
            -- What Album of the Year lists as a genre is one, where nothing else is known of it.
            coalesce(n.kind, CASE WHEN s.aoty IS NOT NULL THEN 'genre' END, timbre_tag_kind(s.words)) AS kind,
            max(s.aoty) AS aoty, max(s.aoty_tags) AS aoty_tags, max(s.lastfm) AS lastfm
        -- One by one, for a song has few: a join would read all the names for each song.
        FROM spelt s LEFT JOIN LATERAL (SELECT g.name, g.kind FROM genre_names g WHERE g.key = s.key LIMIT 1) n ON true
        GROUP BY 1, 2
    ), joined AS (
        SELECT name, kind,
            array_remove(ARRAY[
                CASE WHEN aoty IS NOT NULL THEN 'aoty' END,
                CASE WHEN aoty_tags IS NOT NULL THEN 'aoty_tags' END,
                CASE WHEN lastfm IS NOT NULL THEN 'lastfm' END
            ], NULL) AS sources,
            round(1 - (1 - coalesce(aoty, 0)) * (1 - coalesce(aoty_tags, 0)) * (1 - coalesce(lastfm, 0)), 3) AS weight
        FROM named
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'kind', kind, 'weight', weight, 'sources', sources)
        ORDER BY weight DESC, name COLLATE "C"), '[]')
    FROM joined
$$;

-- All keys under which a genre goes that may be spelt in any way. Immutable as the schema's own table is, so that the planner
-- reckons how many songs have them.
CREATE OR REPLACE FUNCTION timbre_genre_keys(genre text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT array_append(ARRAY(
        SELECT same.key FROM genre_names asked JOIN genre_names same USING (name, kind)
        WHERE asked.key = timbre_tag_key(genre)
    ), timbre_tag_key(genre))
$$;

-- The songs whose list has a genre, whoever tells it and however it is spelt, each once; from an index.
-- Without a setting of its own it becomes part of the query that names it behind FROM, so that a LIMIT there ends it early.
CREATE OR REPLACE FUNCTION timbre_songs_of_genre(genre text) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
    SELECT a.song_id FROM aoty_attrs a WHERE timbre_tag_keys(a.genres || a.tags) && timbre_genre_keys(genre)
    UNION ALL
    SELECT l.song_id FROM lastfm_stats l WHERE timbre_tag_keys(l.tags) && timbre_genre_keys(genre) AND NOT EXISTS (
        SELECT FROM aoty_attrs a
        WHERE a.song_id = l.song_id AND timbre_tag_keys(a.genres || a.tags) && timbre_genre_keys(genre)
    );
END;

CREATE INDEX IF NOT EXISTS aoty_attrs_genre_keys ON aoty_attrs USING gin (timbre_tag_keys(genres || tags));
CREATE INDEX IF NOT EXISTS lastfm_stats_genre_keys ON lastfm_stats USING gin (timbre_tag_keys(tags));

SELECT timbre_restrict_access();

INSERT INTO schema_migrations (version, name) VALUES (34, '0034_genres') ON CONFLICT DO NOTHING;
