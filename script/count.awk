# Counts test cases from the output of test programs (script/test says in which form it comes) and prints what somebody has to look at:
# failed cases with what the program said about them, and skipped ones with their reason. The last line is `PASSED FAILED SKIPPED`.

function finish() {
	if (name == "")
		return
	if (passed + failed + skipped == 0)
		whole_program()
	else if (planned > passed + failed + skipped)
		fail(sprintf("%d of %d planned cases did not run (exit status %s)", planned - passed - failed - skipped, planned, code))
	else if (failed == 0 && result !~ /^(OK|SKIP|EXPECTEDFAIL)$/)
		fail(result ", exit status " code)
	if (failed > 0)
		printf "%s%s", report, errors
	if (skips != "")
		printf "%s", skips
	all_passed += passed
	all_failed += failed
	all_skipped += skipped
	name = ""
}

# A program without cases of its own is one case.
function whole_program() {
	if (result == "OK" || result == "EXPECTEDFAIL")
		passed++
	else if (result == "SKIP")
		skip(name, last)
	else {
		fail(result ", exit status " code)
		report = report output
	}
}

function fail(text) {
	failed++
	report = report "FAILED " name ": " text "\n"
}

function skip(what, why) {
	skipped++
	skips = skips "skipped " what ": " (why == "" ? "no reason given" : why) "\n"
}

BEGIN { FS = "\t" }

/^=/ {
	finish()
	name = $2
	result = $3
	code = $4
	passed = failed = skipped = planned = talking = 0
	report = skips = errors = output = last = ""
	next
}

/^!/ {
	if (length($0) > 1)
		errors = errors "    " substr($0, 2) "\n"
	next
}

{
	line = substr($0, 2)
	if (line != "") {
		last = line
		output = output "    " line "\n"
	}
}

line ~ /^1\.\.[0-9]+/ {
	planned += substr(line, 4) + 0
	# "1..0 # SKIP why": a whole program that has nothing to do here.
	if (line ~ /^1\.\.0 *#/) {
		why = line
		sub(/^[^#]*# *(SKIP|skip|Skip)[a-z]* */, "", why)
		skip(name, why)
	}
	next
}

line ~ /^(not )?ok([ \t]|$)/ {
	what = line
	sub(/^(not )?ok *[0-9]* *(- *)?/, "", what)
	talking = 0
	# cmocka 1.1 writes a skipped case as "not ok 3 # SKIP name".
	if (what ~ /# *[Ss][Kk][Ii][Pp]/) {
		why = what
		sub(/^.*# *[Ss][Kk][Ii][Pp][a-z]*:? */, "", why)
		sub(/ *# *[Ss][Kk][Ii][Pp].*$/, "", what)
		skip(name (what == "" ? "" : ", " what), why)
	} else if (line ~ /^ok/) {
		passed++
	} else {
		fail(what)
		talking = 1
	}
	next
}

line ~ /^Bail out!/ {
	fail(line)
	next
}

talking && line ~ /^#/ {
	report = report "    " line "\n"
}

END {
	finish()
	print all_passed + 0, all_failed + 0, all_skipped + 0
}
