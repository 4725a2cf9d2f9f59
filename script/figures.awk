# One line a figure: name, value, unit, and how the value stands to its aim. Input: name, value, unit, aim, separated by tabs.
{
	value = $2 + 0
	shown = value == int(value) ? sprintf("%d", value) : sprintf("%.3f", value)
	verdict = ""
	if (split($4, aim, " ") == 2) {
		met = aim[1] == "<=" ? value <= aim[2] + 0 : value >= aim[2] + 0
		verdict = "  aim " $4 (met ? "" : " MISSED")
	}
	line = sprintf("%-56s %14s %-16s%s", $1, shown, $3, verdict)
	sub(/ +$/, "", line)
	print line
}
