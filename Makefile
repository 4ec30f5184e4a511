# nnet: neural networks in PostgreSQL
#
#	make			build the extension (needs gcc and PostgreSQL's server headers)
#	make install	put it into the PostgreSQL that pg_config tells of
#	make demo		see it work, in a private server
#	make test		all tests; test-unit, test-regress, test-pgtap, test-tap: one suite
#	make bench		speed, beside other programs
#	make profile	where the time of a training goes, layer by layer
#	make lint		format and structure of the sources
#
# demo, test, bench and lint first install the Debian packages they lack
# (scripts/install-deps.sh tells which); DEPS=no keeps them from it.
# WERROR= builds in spite of warnings.

EXTENSION = nnet
EXTVERSION = 0.1.0
MODULE_big = nnet
BUILD = build
WERROR = -Werror
PG_CONFIG ?= pg_config

all:

# ---- what each goal needs ----

TESTS = unit regress pgtap tap
WORK = demo test bench profile lint $(TESTS:%=test-%)
.PHONY: $(WORK) all unit

ifneq ($(DEPS),no)
NEEDS_demo = build run
NEEDS_test = build run test
NEEDS_bench = build run bench
NEEDS_profile = build run
NEEDS_lint = lint
$(foreach t,$(TESTS),$(eval NEEDS_test-$(t) = build run test))

$(WORK):
	@PG_CONFIG='$(PG_CONFIG)' scripts/install-deps.sh $(NEEDS_$@)
	@$(MAKE) --no-print-directory DEPS=no $@
else
export PG_CONFIG
demo test bench $(TESTS:%=test-%): export MAKE := $(MAKE)
demo:
	@scripts/demo.sh
test:
	@scripts/test.sh $(TESTS)
$(TESTS:%=test-%):
	@scripts/test.sh $(@:test-%=%)
bench:
	@test/bench/run.sh
profile: build/profile
	@env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $<
lint:
	@scripts/lint.sh
endif

# ---- sources ----

CORE_SOURCES := $(sort $(wildcard src/core/*.c src/core/*/*.c))
PG_SOURCES := $(sort $(wildcard src/pg/*.c src/pg/*/*.c))
SQL_FRAGMENTS := $(sort $(wildcard sql/[0-9]*.sql))

STRICT = -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Wno-declaration-after-statement $(WERROR)
# What vectorises the kernels without changing what they compute: no rounding is
# reordered but a product fused with its sum.
FAST = -O3 -ffp-contract=fast -fno-math-errno -fno-trapping-math -fopenmp-simd

# ---- the extension, by PostgreSQL's own rules ----

# Code for the JIT's inliner would need clang, and inlines nothing of use here.
override with_llvm = no

OBJS = $(CORE_SOURCES:%.c=$(BUILD)/obj/%.o) $(PG_SOURCES:%.c=$(BUILD)/obj/%.o)
DATA = $(wildcard sql/nnet--*--*.sql)
DATA_built = $(EXTENSION)--$(EXTVERSION).sql
PG_CPPFLAGS = -Isrc
SHLIB_LINK = -lpng -lpthread -ldl -lm
EXTRA_CLEAN = $(BUILD) results regression.diffs regression.out
REGRESS = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS = --inputdir=test

PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))
ifneq ($(PGXS),)
include $(PGXS)
else ifeq ($(filter $(WORK) unit clean,$(MAKECMDGOALS)),)
$(error PostgreSQL's server headers are missing ("$(PG_CONFIG) --pgxs" names no file): \
install postgresql-server-dev-15, or run scripts/install-deps.sh build, or name another PG_CONFIG)
else
clean:
	rm -rf $(EXTRA_CLEAN) $(DATA_built) $(EXTENSION).so
endif

# PostgreSQL's flags are those of the compiler it was built with, gcc; and what
# gcc says of variables and longjmp is wrong more often than not.
ifeq ($(findstring clang,$(shell $(CC) --version 2>/dev/null)),)
NO_CLOBBERED = -Wno-clobbered
else
override CFLAGS := $(filter-out -fexcess-precision=% -Wimplicit-fallthrough=% \
	-Wno-format-truncation -Wno-stringop-truncation,$(CFLAGS))
endif

# The core's names are nobody else's affair; its arithmetic may not count on
# integers that wrap around.  PostgreSQL's headers are the system's: what they
# do is not warned about.
CORE_COMPILE = $(CC) $(filter-out -fwrapv,$(CFLAGS)) $(FAST) -fvisibility=hidden $(STRICT) \
	-Isrc -MMD -MP
PG_COMPILE = $(CC) $(CFLAGS) $(STRICT) -Wno-unused-parameter -Wno-sign-compare $(NO_CLOBBERED) \
	-isystem $(includedir_server) $(CPPFLAGS) -MMD -MP

# "make V=1" shows the commands.
ifeq ($(V),)
compile = @mkdir -p $(@D); echo "  CC $<"; $1 -c $< -o $@
.SILENT: $(EXTENSION).so
else
compile = mkdir -p $(@D) && $1 -c $< -o $@
endif

# A file that holds what something was made with, and is only new when that is:
# a change of compiler or flags compiles anew, a source that went links anew.
remember = @mkdir -p $(@D); echo '$1' | cmp -s - $@ || echo '$1' >$@
.PHONY: FORCE
FORCE:
$(BUILD)/flags: FORCE
	$(call remember,$(CORE_COMPILE) $(PG_COMPILE))
$(BUILD)/objects: FORCE
	$(call remember,$(OBJS))
$(BUILD)/fragments: FORCE
	$(call remember,$(SQL_FRAGMENTS))

$(BUILD)/obj/src/core/%.o: src/core/%.c $(BUILD)/flags
	$(call compile,$(CORE_COMPILE))
$(BUILD)/obj/src/pg/%.o: src/pg/%.c $(BUILD)/flags
	$(call compile,$(PG_COMPILE))
$(EXTENSION).so: $(BUILD)/objects

$(DATA_built): $(SQL_FRAGMENTS) $(BUILD)/fragments
	@echo "joining sql/*.sql into $@"
	@{ printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
		for f in $(SQL_FRAGMENTS); do printf '\n'; cat $$f; done; } >$@

include test/unit/unit.mk

-include $(OBJS:.o=.d)
