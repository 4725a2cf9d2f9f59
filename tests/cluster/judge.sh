#!/usr/bin/env bash
# judge.sh JUDGE: histories that may be, and one for each way in which they may not. TAP.
set -u
judge=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
tests=0
failed=0

# says STATUS NAME WORDS: the history is on standard input; the store, when there is one, in the file stored. WORDS stand in what is said.
says() {
	local status=0
	tests=$((tests + 1))
	if [ -f stored ]; then
		"$judge" - --stored stored >out 2>&1 || status=$?
	else
		"$judge" - >out 2>&1 || status=$?
	fi
	if [ $status -eq "$1" ] && grep -q -- "$3" out; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		sed "s/^/# status $status: /" out
		failed=1
	fi
	rm -f stored
}

#      client op key began ended status reference version digest
says 0 "a case that is made, changed and read" '"faults":0' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
2 read R1 25 30 200 R1 1 ab
1 amend K1/1 30 40 201 R1 2 ac
2 read R1 35 38 200 R1 1 ab
3 read R1 36 37 200 R1 2 ad
2 read R1 41 45 200 R1 2 ad
TEXT
says 0 "an answer that was lost, and the same one when it was sent again" '"unanswered":2' <<'TEXT'
1 submit K1 10 20 0 - 0 00
1 submit K1 21 22 503 - 0 bb
1 submit K1 30 40 201 R1 1 aa
1 repeat K1 50 60 201 R1 1 aa
TEXT
says 0 "a pause is told" '"pause_ms":4000,"longest_ms":4010' <<'TEXT'
1 submit K1 10 1000000 201 R1 1 aa
1 submit K2 990000 5000000 201 R2 1 aa
TEXT
says 1 "two cases for one message" 'K1 was decided twice' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 repeat K1 30 40 201 R2 1 aa
TEXT
says 1 "two versions for one message" 'K1/1 was decided twice' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 40 201 R1 2 aa
1 repeat K1/1 50 60 201 R1 3 aa
TEXT
says 1 "a version that was acknowledged to nobody" 'version 2 was acknowledged to nobody' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 40 0 - 0 00
1 amend K1/1 50 60 201 R1 3 aa
TEXT
says 0 "but who was never answered may have made it" '"faults":0' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 40 0 - 0 00
2 read R1 50 60 200 R1 2 aa
TEXT
says 1 "another answer to the same message" 'another answer' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 repeat K1 30 40 201 R1 1 ab
TEXT
says 1 "a refusal of what was acknowledged" 'refused with 409' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 repeat K1 30 40 409 - 0 ab
TEXT
says 1 "one reference for two messages" 'both made version 1' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
2 submit K2 15 25 201 R1 1 aa
TEXT
says 1 "a reading that is behind an acknowledged write" 'a later reading says 1' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 40 201 R1 2 ac
2 read R1 41 50 200 R1 1 ab
TEXT
says 1 "a reading that is behind another reading" 'a later reading says 1' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 90 201 R1 2 ac
2 read R1 35 40 200 R1 2 ab
3 read R1 41 50 200 R1 1 ab
TEXT
says 1 "a case that is gone" 'a later reading says 0' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
2 read R1 41 50 404 - 0 ab
TEXT
says 1 "a reading before the write" 'before anybody wrote it' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
2 read R1 22 25 200 R1 2 ab
1 amend K1/1 30 40 201 R1 2 ac
TEXT
echo "K1 R1 2" >stored
says 0 "a store that holds what was told" '"faults":0' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 40 201 R1 2 ac
TEXT
echo "K2 R2 1" >stored
says 1 "a store that lost one" 'K1 was acknowledged as R1 and is not in the store' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 submit K2 10 20 201 R2 1 aa
TEXT
echo "K1 R1 1" >stored
says 1 "a store that lost a version" 'the store holds 1' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
1 amend K1/1 30 40 201 R1 2 ac
TEXT
printf 'K1 R1 1\nK1 R2 1\n' >stored
says 1 "a store that holds one twice" 'in the store twice' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
TEXT
printf 'K1 R1 1\nK9 R2 1\n' >stored
says 1 "a store that holds what nobody sent" 'nobody sent it' <<'TEXT'
1 submit K1 10 20 201 R1 1 aa
TEXT
says 2 "no history" 'no history' </dev/null
echo "1..$tests"
exit $failed
