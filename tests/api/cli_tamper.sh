#!/usr/bin/env bash
# Whoever changes the store behind the hub's back is found by verify, and the place is named. cli_tamper.sh PROGRAM FORGE: forge
# recomputes a chain, as somebody would who has the program's source but not the signing key.
. "$(dirname "$0")/cli_lib.sh"

forge=$helper
sound=$work/sound
"$program" generate --declarations 120 --seed 21 | "$program" submit --data "$sound" - >"$work/records" 2>"$work/err"
office=$(sql "$sound" "select office from event where office <> 'HUB' group by office order by count(*) desc limit 1")
seq=$(sql "$sound" "select seq from event where office = '$office' and kind = 'decision' order by seq limit 1 offset 3")
reference=$(sql "$sound" "select reference from event where office = '$office' and seq = $seq")
last=$(sql "$sound" "select max(seq) from event where office = '$office'")

run verify --data "$sound"
ok "the store is sound to begin with" exits 0

# tampered NAME STATEMENT PATTERN: the statement on a copy; verify must fail, and print the pattern.
tampered() {
	local name=$1 statement=$2 pattern=$3
	rm -rf "$work/bad"
	cp -r "$sound" "$work/bad"
	sql "$work/bad" "$statement" || echo "# sqlite3 refused: $statement"
	run verify --data "$work/bad"
	ok "$name is found" exits 1
	ok "$name is named" out_has "$pattern"
}
here="office = '$office' and seq = $seq"
at="\"office\":\"$office\",\"seq\":$seq,"

tampered "a changed byte of a payload" \
	"update event set payload = cast(substr(payload, 1, 99) || x'00' || substr(payload, 101) as blob) where $here" "$at"
tampered "a payload that is said to be plain" "update event set compression = 0 where $here" "$at"
tampered "a compression that nobody knows" "update event set compression = 9 where $here" "$at"
tampered "another payload, plain" \
	"update event set payload = cast('{\"lane\":\"green\"}' as blob), compression = 0 where $here" "$at"
tampered "a message that was erased behind everybody's back" "update event set payload = null, salt = null where kind = 'input' and reference = '$reference'" \
	'nobody ordered that'
tampered "a case hidden from its party" "delete from case_party where reference = '$reference'" '"differences":[1-9]'
tampered "a case shown to a stranger" "insert into case_party values ('STRANGER', '$reference', '$office')" '"differences":[1-9]'
tampered "a changed moment" "update event set at = at + 1 where $here" "$at"
tampered "a changed reference" "update event set reference = '26XL01000000000X' where $here" "\"seq\":$seq"
tampered "a changed kind" "update event set kind = 'answer' where $here" "\"seq\":$seq"
tampered "a changed actor" "update event set actor = 'somebody' where $here" "$at"
tampered "a changed salt" "update event set salt = zeroblob(16) where $here" "$at"
tampered "a changed payload hash" "update event set payload_hash = zeroblob(32) where $here" "$at"
tampered "a changed chain hash" "update event set chain = zeroblob(32) where $here" "\"office\":\"$office\""
tampered "a deleted row" "delete from event where $here" "\"office\":\"$office\""
tampered "a cut tail" \
	"delete from event where office = '$office' and seq > $last - 3;
	 delete from declaration where office = '$office' and answer_seq > $last - 3" "\"office\":\"$office\""
tampered "a whole office gone" \
	"delete from event where office = '$office'; delete from declaration where office = '$office'" "\"office\":\"$office\""
tampered "a changed lane of a projection" \
	"update declaration set lane = 'green-ish' where reference = '$reference'" "$reference"
tampered "a changed amount of a projection" \
	"update declaration set total_minor = total_minor + 1 where reference = '$reference'" "$reference"
tampered "a projection that no event asks for" \
	"insert into declaration select office, reference || '9', version, sender, trader_reference || '9', input_sha256, type, state, lane, holder,
	 items, currency, total_minor, day, decided_at, input_seq, decision_seq, answer_seq from declaration where reference = '$reference'" '"differences":[1-9]'
tampered "a deleted projection" "delete from declaration where reference = '$reference'" '"differences":[1-9]'
tampered "a changed history of a party" "update party_history set declared = declared + 1" '"differences":[1-9]'
tampered "a changed pack" "update version set bytes = cast(bytes || ' ' as blob) where kind = 'rules'" '"differences":[1-9]'
tampered "a changed commitment" "update day_key set commitment = zeroblob(32)" '"differences":[1-9]'
tampered "a changed signature" "update root set signature = zeroblob(64) where seq = (select max(seq) from root)" '"office":"HUB"'
tampered "a batch's note of the heads gone" "delete from event where kind = 'heads' and seq = (select max(seq) from event where kind = 'heads')" '"office":"HUB"'

rm -rf "$work/bad"
cp -r "$sound" "$work/bad"
"$forge" "$work/bad/customhouse.db" "$office" "$seq" || echo "# forge failed"
run verify --data "$work/bad"
ok "a chain recomputed without the signing key is found" exits 1
ok "and its office is named" out_has "\"office\":\"$office\""
sql "$work/bad" "delete from root"
run verify --data "$work/bad"
ok "also when the roots in the store are gone" exits 1

rm -rf "$work/bad"
cp -r "$sound" "$work/bad"
pages=$(($(stat -c %s "$work/bad/customhouse.db") / 4096))
dd if=/dev/zero of="$work/bad/customhouse.db" bs=4096 seek=$((pages / 2)) count=2 conv=notrunc 2>/dev/null
run verify --data "$work/bad"
ok "a damaged file is found" [ "$status" -ne 0 ]

# An older whole store put back is sound in itself: only the signatures kept elsewhere can tell.
outside=$work/elsewhere.log
"$program" generate --declarations 20 --seed 22 | "$program" submit --data "$work/older" --roots "$outside" - >"$work/records" 2>"$work/err"
cp -r "$work/older" "$work/newer"
"$program" generate --declarations 20 --seed 23 | "$program" submit --data "$work/newer" --roots "$outside" - >"$work/records" 2>"$work/err"
run verify --data "$work/newer" --roots "$outside"
ok "the newest store agrees with the signatures kept elsewhere" exits 0
run verify --data "$work/older"
ok "an older store is sound in itself" exits 0
run verify --data "$work/older" --roots "$outside"
ok "but not beside the signatures kept elsewhere" exits 1
ok "and it is said why" out_has 'an older store was put back'

finish
