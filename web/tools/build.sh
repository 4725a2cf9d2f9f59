#!/bin/sh
# Makes the style and the scripts of the pages and puts them into OUT/web_files.c and OUT/web_files.bin, for meson.
#
#   build.sh MODE WEB OUT TARGET DEPFILE    MODE: build; prebuilt: take WEB/prebuilt as it is, without node; none: pages without style and script
#
# What was made is kept in WEB/dist under a sum of all that it is made of, so that several build directories make it once.
# npm runs no script of any package.
set -eu
mode=$1 web=$2 out=$(realpath -m "$3") target=$4 depfile=$(realpath -m "$5")
cd "$web"

# All that goes into it, by name.
sources() { find src phrases tools package-lock.json vite.config.ts tsconfig.json -type f | LC_ALL=C sort; }
[ "$mode" != build ] || echo "$target: $(sources | sed "s|^|$PWD/|" | tr '\n' ' ')" >"$depfile"
[ "$mode" = build ] || echo "$target:" >"$depfile"

# The assembler finds the bytes where they lie.
take() {
	cp "$1/web_files.bin" "$out/"
	sed "s|web_files.bin|$out/web_files.bin|" "$1/web_files.c" >"$out/web_files.c"
}

case $mode in
none)
	printf '#include "http/web.h"\nconst struct web_file web_files[1];\nconst uint32_t web_file_count = 0;\n' >"$out/web_files.c"
	printf 'const struct web_name web_names[1];\nconst uint32_t web_name_count = 0;\nconst char web_bytes[1];\n' >>"$out/web_files.c"
	: >"$out/web_files.bin"
	exit 0
	;;
prebuilt)
	take prebuilt
	exit 0
	;;
esac

# Debian 12's node is too old for Vite; npm has newer ones, as packages that hold the program and run nothing.
node_is_new() {
	node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}
use_new_node() {
	node_is_new && return 0
	case $(uname -m) in
	x86_64) cpu=x64 ;;
	aarch64) cpu=arm64 ;;
	*) echo "web: no node of npm's for $(uname -m): install Node.js 20.19 or newer, or configure with -Dweb=none" >&2 && exit 1 ;;
	esac
	if [ ! -x "node_modules/node-linux-$cpu/bin/node" ]; then
		npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel error "node-linux-$cpu@22.22.0" >&2
	fi
	PATH=$PWD/node_modules/node-linux-$cpu/bin:$PATH
}

mkdir -p dist
exec 9>dist/lock
flock 9
sum=$(sources | xargs sha256sum | sha256sum | cut -c1-32)
if [ ! -e "dist/$sum/web_files.c" ]; then
	if ! command -v npm >/dev/null; then
		echo "web: npm is missing: run script/bootstrap, or configure with -Dweb=none" >&2
		exit 1
	fi
	lock=$(sha256sum package-lock.json | cut -c1-32)
	if [ "$(cat node_modules/.lock-sum 2>/dev/null || :)" != "$lock" ]; then
		npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel error >&2
		echo "$lock" >node_modules/.lock-sum
	fi
	use_new_node
	node node_modules/typescript/bin/tsc --noEmit >&2
	rm -rf dist/making dist/made
	node node_modules/vite/bin/vite.js build --logLevel warn --outDir dist/making --emptyOutDir >&2
	mkdir dist/made
	node tools/bundle.mjs dist/making dist/made
	mv dist/made "dist/$sum"
	rm -rf dist/making
fi
take "dist/$sum"
