# SPDX-License-Identifier: Apache-2.0
# The front door; Meson does the work. `./demo` and `./check` install what is missing first.
build/enlace: build/build.ninja FORCE ; @ninja -C build --quiet src/cli/enlace && ln -sf src/cli/enlace build/enlace
build/build.ninja: ; @meson setup build --buildtype=release >/dev/null
check: ; @./check
bench: build/enlace ; @tools/bench build/bench.json
bench-link: build/enlace ; @bench/link.py build/enlace && bench/strangers.py build/enlace --keys && bench/strangers.py build/enlace && bench/learned.py build/enlace
bench-watch: build/enlace ; @tools/bench-watch
crash fuzz: ; @tools/$@
fmt: ; @clang-format -i $$(git ls-files '*.c' '*.h')
install: build/enlace ; @ninja -C build --quiet src/cli/enlace.1 src/cli/enlace.bash && meson install -C build --quiet --no-rebuild
.PHONY: FORCE bench bench-link bench-watch check crash fmt fuzz install
