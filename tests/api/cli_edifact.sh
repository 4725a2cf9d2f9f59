#!/usr/bin/env bash
# What is wrong with messages of EDIFACT, and where: a golden text for each kind of damage. And directories and variants that are
# tables in a folder: used without a build, refused with reasons where they are not sound.
. "$(dirname "$0")/cli_lib.sh"
here=$root/tests/api/edifact

# What check says of the syntax of a file: its findings of EDIFACT, and why it cannot be read.
syntax_of() {
	(cd "$here" && "$program" check --pack "$root/packs/landfall" --on 2026-01-17 "${@:2}" "$1") >"$work/out" 2>"$work/err"
	status=$?
	grep -a ' edifact\.' "$work/out"
	sed 's/^customhouse check: //' "$work/err"
}
golden() { # golden NAME [OPTION...]; GOLDEN=write makes the texts anew
	syntax_of "$1.edi" "${@:2}" >"$work/said"
	[ "${GOLDEN:-}" != write ] || cp "$work/said" "$here/$1.expected"
	cmp -s "$work/said" "$here/$1.expected"
}

for file in "$here"/damage-*.edi; do
	name=$(basename "$file" .edi)
	ok "$name" golden "$name"
done

# ---- a variant ----
ok "a national variant: what is sound" golden variant-sound --edifact "$root/examples/edifact"
ok "and what is not" golden variant-damaged --edifact "$root/examples/edifact"
syntax_of variant-sound.edi >"$work/without"
ok "without its table the same message is none of D.96B" grep -q 'edifact.not-here' "$work/without"

# ---- a directory ----
"$program" edifact show 96B | sed 's/^directory 96B/directory 11A/' >"$work/11a.edt"
run edifact check "$work/11a.edt"
ok "a table that the program shows is sound" exits 0
sed 's/:96B:/:11A:/; s/VAR-1/DIR-1/' "$here/variant-sound.edi" | sed '/^ZXL/d; /^LOC+P1/d; s/:XL1//; s/UNT+9/UNT+7/' >"$work/11a.edi"
run check "$work/11a.edi"
ok "a message of another directory is checked against the next later one" out_has 'edifact.directory-near'
mkdir -p "$work/store/edifact" "$work/tables"
cp "$work/11a.edt" "$work/tables"
run check --edifact "$work/tables" "$work/11a.edi"
ok "with its table, against its own" out_lacks ' edifact\.'
cp "$work/11a.edt" "$root/examples/edifact/d96b-xl1.edt" "$work/store/edifact"
printf '%s\n' "UNB+UNOC:3+XL700000000001+XLHAR001+260117:1200+C1'" "UNH+1+CUSCAR:D:11A:UN'" "BGM+785+R-1+9'" "NAD+MS+XL700000000001'" \
	"TDT+20+031E+1+++++9074729::::PA'" "LOC+22+XLHAR001'" "CNI+1+B-1'" "CNT+11:5'" "RFF+BM:B-1'" "GID+1+5:BG'" "UNT+10+1'" \
	"UNH+2+IFTSTA:D:11A:UN'" "BGM+23+S-1'" "DTM+9:200601171200:203'" "CNI+1+B-1'" "STS+1+1'" "UNT+6+2'" "UNZ+2+C1'" >"$work/others.edi"
run submit --data "$work/store" "$work/11a.edi" "$here/variant-sound.edi" "$work/others.edi"
ok "the folder of a data directory is used by itself" [ "$(records '[.findings[].rule] | any(. == "edifact.directory-near" or . == "edifact.not-here")' "$work/out")" = 0 ]
ok "by declarations, a cargo report and a message that is kept" [ "$(records '.versions.directory | length == 64' "$work/out")" = 4 ]
run replay --data "$work/store"
ok "and replays" exits 0
mv "$work/store/edifact" "$work/gone"
run replay --data "$work/store"
ok "without it, too: the store has what they were read by" [ "$status $(jq .looked_at "$work/out")" = "0 4" ]
run verify --data "$work/store"
ok "and verifies" exits 0
mkdir "$work/store/edifact"
sed 's/^\(segment LOC\) /\1 1131! /' "$work/11a.edt" >"$work/store/edifact/11a.edt"
run replay --data "$work/store"
ok "a folder with another of that name changes nothing" exits 0
mkdir -p "$work/again/keys"
"$program" backup --data "$work/store" >"$work/backup" 2>>"$work/err"
cp "$work/store/keys"/* "$work/again/keys"
"$program" restore --data "$work/again" "$work/backup" >"$work/out" 2>&1
run replay --data "$work/again"
ok "a backup has them, too" exits 0
sql "$work/store" "DELETE FROM version WHERE kind = 'edifact'"
run verify --data "$work/store"
ok "verify misses one that is gone" [ "$status $(grep -c 'directory' "$work/out")" = "1 4" ]
run replay --data "$work/store"
ok "and so does replay" exits 1
rm -r "$work/store/edifact"

# ---- what is refused ----
refused() { # refused NAME TEXT REASON
	mkdir -p "$work/bad"
	printf '%b' "$2" >"$work/bad/bad.edt"
	run check --edifact "$work/bad" "$work/11a.edi"
	ok "refused: $1" test "$status" -eq 2 -a -n "$(grep -F "$3" "$work/err")"
}
start='directory 11B\nelement 0062 an..14\n'
refused 'no version' 'element 0062 an..14\n' 'bad.edt:1: no version'
refused 'an empty table' '' 'bad.edt:1: no version'
refused 'no such fact' 'directory 11B\nelephant 1\n' 'not a fact of a directory: elephant'
refused 'an element twice' "${start}element 0062 an..3\n" 'bad.edt:3: not a number of one more element'
refused 'a form that is none' 'directory 11B\nelement 0062 x..14\n' 'bad.edt:2: not a form'
refused 'a length of none' 'directory 11B\nelement 0062 an..0\n' 'not a form'
refused 'codes that are too long' 'directory 11B\nelement 0062 an..14 ABCDEFGHI\n' 'a code is too long'
refused 'a segment of nothing known' "${start}segment BGM C999\n" 'bad.edt:3: neither a composite nor an element'
refused 'a composite of composites' "${start}composite C001 C001\n" 'bad.edt:3: not a component'
refused 'a message of segments that are not there' "${start}message CUSDEC UNH! UNT!\n" 'not a segment: UNH'
frame="${start}segment UNH 0062!\nsegment UNT 0062!\n"
refused 'groups without an end' "${frame}message CUSDEC UNH! ( UNT!\n" 'groups do not end'
refused 'groups that end twice' "${frame}message CUSDEC UNH! ) UNT!\n" 'a group ends that did not begin'
refused 'a message without a frame' "${frame}message CUSDEC UNT!\n" 'does not begin with UNH! and end with UNT!'
refused 'groups nested without end' "${frame}message CUSDEC UNH! $(printf '( %.0s' $(seq 40)) UNT!\n" 'groups nest too deep'
refused 'a base that is not there' 'directory 11B\nbase 95Z\n' 'bad.edt:2: a base is one directory that is known'
refused 'two bases' 'directory 11B\nbase 96B\nbase 01B\n' 'bad.edt:3: a base'
refused 'a directory that is built in' 'directory 96B\nbase 01B\n' 'there is a directory 96B already'
refused 'a fault in a variant, by its own line' 'directory 96B:X\nbase 96B\n\n# here\nsegment BGM C999\n' 'bad.edt:5: neither'
head -c 2000000 /dev/zero | tr '\0' '#' >"$work/bad/bad.edt"
run check --edifact "$work/bad" "$work/11a.edi"
ok 'refused: a table that is too large' test "$status" -eq 2
run check --edifact "$work/nowhere" "$work/11a.edi"
ok 'refused: a folder that is not there' exits 2
run edifact show 95Z
ok 'a directory that is not built in is not shown' exits 2

finish
