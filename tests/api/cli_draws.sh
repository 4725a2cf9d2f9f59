#!/usr/bin/env bash
# An auditor makes every draw of real cases again with openssl alone, as docs/rules.md says, and looks whether they are even.
. "$(dirname "$0")/cli_lib.sh"

store=$work/store
run generate --declarations 300 --seed 3
cp "$work/out" "$work/trade.jsonl"
run submit --data "$store" "$work/trade.jsonl"
cp "$work/out" "$work/records.jsonl"
run verify --data "$store" --draw-keys
ok "the keys want who opens them" exits 2
head -c 64 /dev/zero | tr '\0' a >"$work/other.key"
run verify --data "$store" --auditor-key "$work/other.key" --draw-keys
ok "and open to nobody else" exits 3
ok "of whom it tells nothing" out_is ''
run verify --data "$store" --auditor-key "$store/keys/auditor.key" --draw-keys
ok "the auditor opens them" exits 0
cp "$work/out" "$work/keys"

checked=0
wrong=0
while IFS=$'\t' read -r day rate commitment key; do
	is=$({ printf 'customhouse draw 1\n%s\n%s\n' "$day" "$rate"; printf %s "$key" | xxd -r -p; } | openssl dgst -sha256 -r | cut -d' ' -f1)
	[ "$is" = "$commitment" ] || wrong=$((wrong + 1))
	# of every tenth case each draw, of the others that for the random stratum
	while IFS=$'\t' read -r reference purpose value; do
		is=$(printf '%s\0%s' "$reference" "$purpose" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -r | cut -c 1-16)
		[ "$is" = "$value" ] || wrong=$((wrong + 1))
		checked=$((checked + 1))
	done < <(jq -rn --arg day "$day" --arg commitment "$commitment" '[inputs | select(.draw.day == $day and .draw.commitment == $commitment)] | to_entries[] |
		.key as $i | .value.draw | .reference as $r | .values | to_entries[] | select(.key == "random" or $i % 60 == 0) | [$r, .key, .value] | @tsv' "$work/records.jsonl")
done < <(jq -r '[.day, .rate, .commitment, .key] | @tsv' "$work/keys")
ok "openssl makes every draw again" [ $wrong -eq 0 ]
ok "of every case" [ $checked -gt "$(records '.draw' "$work/records.jsonl")" ]

# Who was within the rate is what was selected at random: with whole numbers, by bc.
picked=$(jq -r 'select(.draw) | "\(.draw.values.random | ascii_upcase) \([.reasons[].kind] | index("random") != null)"' "$work/records.jsonl")
ppm=$(jq -r '.rate' "$work/keys" | head -n 1 | sed 's/^random=\([0-9]*\) .*/\1/')
ok "within the rate, and only so, is selected" [ "$(while read -r digits selected; do
	echo "ibase=16; a = $digits * F4240 / 10000000000000000; ibase=A; (a < $ppm) == $([ "$selected" = true ] && echo 1 || echo 0)"
done <<<"$picked" | bc | sort -u)" = 1 ]

# Uniform: the first digit of all draws of all cases, sixteen boxes. With 15 degrees of freedom chi squared is beyond 60 once in a
# few million runs.
jq -r 'select(.draw) | .draw.values[] | .[:1]' "$work/records.jsonl" | sort | uniq -c |
	awk '{ n += $1; s += $1 * $1; k++ } END { chi = k == 16 ? s * 16 / n - n : 1e9; print n, chi; exit !(n > 3000 && chi < 60) }' >"$work/chi"
even=$?
ok "over many draws" [ $even -eq 0 ]

finish
