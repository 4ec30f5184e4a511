# nnet: neural networks in PostgreSQL
#
#	make			build the extension (needs gcc or clang, and PostgreSQL's server headers)
#	make install	put it into the PostgreSQL that pg_config tells of; uninstall
#	make installcheck	regression tests, against a running server
#	make demo		see it work, in a private server
#	make test		all tests; test-unit, test-regress, test-pgtap, test-tap: one suite
#	make test-versions	demo and tests on other releases of Debian, with their PostgreSQL
#	make test-upgrade	pg_upgrade from 15 to 17, with both servers in one such root
#	make test-citus	a cluster of four servers with Citus, if NNET_CITUS or the server has one
#	make test-assert	tests on a server with assertions that forgets its caches
#	make test-processors	unit tests on other processors, emulated
#	make coverage	what of the extension the tests in SQL run through
#	make bench		speed, beside other programs
#	make profile	where the time of a training goes, layer by layer
#	make lint		format and structure of the sources
#	make dist		nnet-VERSION.zip of what is committed
#	make compile_commands.json	for editors and analysers
#	make help		this list
#
# PG_CONFIG=	names another PostgreSQL (13 to 18), DESTDIR= another root
# V=1			shows the commands, VERBOSE=1 each test
# DEPS=no		keeps demo, test, bench and lint from installing the Debian packages
#				they lack (scripts/install-deps.sh tells which)
# WERROR=-Werror	fails on warnings
#
# In another folder, "make -f .../nnet/Makefile" builds there.

EXTENSION = nnet
EXTVERSION = 0.2.0
MODULE_big = nnet
BUILD ?= build
WERROR ?=
PG_CONFIG ?= pg_config

# Where the sources are, seen from here: nothing, or a path that ends in /.
top := $(filter-out ./,$(dir $(lastword $(MAKEFILE_LIST))))

all:

help:
	@sed -n '3,/^$$/s/^# \{0,1\}//p' $(top)Makefile

# ---- what each goal needs ----

TESTS = unit regress pgtap tap
WORK = demo test bench profile lint $(TESTS:%=test-%)
ALONE = help dist test-versions test-upgrade test-citus test-assert test-processors coverage # goals that need no headers of PostgreSQL
.PHONY: $(WORK) $(ALONE) all unit

ifneq ($(DEPS),no)
NEEDS_demo = build run
NEEDS_test = build run test
NEEDS_bench = build run bench
NEEDS_profile = build run
NEEDS_lint = lint
$(foreach t,$(TESTS),$(eval NEEDS_test-$(t) = build run test))

$(WORK):
	@PG_CONFIG='$(PG_CONFIG)' $(top)scripts/install-deps.sh $(NEEDS_$@)
	@$(MAKE) -f $(firstword $(MAKEFILE_LIST)) --no-print-directory DEPS=no $@
else
export PG_CONFIG
demo test bench $(TESTS:%=test-%): export MAKE := $(MAKE)
demo:
	@$(top)scripts/demo.sh
test:
	@$(top)scripts/test.sh $(TESTS)
$(TESTS:%=test-%):
	@$(top)scripts/test.sh $(@:test-%=%)
bench:
	@$(top)test/bench/run.sh
profile: build/profile
	@env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE $<
lint:
	@$(top)scripts/lint.sh
endif

# RELEASES names some of those that the script knows, instead of all.
test-versions:
	@$(top)scripts/install-deps.sh versions
	@$(top)scripts/test-versions.sh $(RELEASES)

# RELEASES="OLD NEW" for two others.
test-upgrade:
	@$(top)scripts/install-deps.sh versions
	@$(top)scripts/test-upgrade.sh $(RELEASES)

test-citus:
	@$(top)scripts/install-deps.sh build run test
	@cd $(or $(top),.) && TAP_TESTS=test/citus/cluster.pl scripts/test.sh tap

test-assert:
	@$(top)scripts/install-deps.sh build run test assert
	@$(top)scripts/test-assert.sh

# PROCESSORS names some of those that the script knows, instead of all.
test-processors:
	@$(top)scripts/install-deps.sh build run processors
	@$(top)scripts/test-processors.sh $(PROCESSORS)

# Objects of a build of its own; servers write what they counted beside them.  Threads
# count too, and gcovr refuses what they garble without atomic updates.
coverage:
	@$(top)scripts/install-deps.sh build run test coverage
	@cd $(or $(top),.) && export BUILD=build/coverage COPT="--coverage -fprofile-update=atomic -O1" && \
		$(MAKE) -s --no-print-directory DEPS=no all && \
		find build/coverage -name '*.gcda' -delete && chmod -R a+rwX build/coverage && \
		{ scripts/test.sh regress pgtap || true; } && \
		gcovr --root . --filter src/ --sort-percentage build/coverage

dist:
	@git -C $(or $(top),.) archive --format=zip --prefix=$(EXTENSION)-$(EXTVERSION)/ \
		-o "$(CURDIR)/$(EXTENSION)-$(EXTVERSION).zip" HEAD
	@echo "$(EXTENSION)-$(EXTVERSION).zip"

# ---- sources ----

relative = $(patsubst $(top)%,%,$(sort $(wildcard $(addprefix $(top),$1))))
CORE_SOURCES := $(call relative,src/core/*/*.c src/core/*/*/*.c)
PG_SOURCES := $(call relative,src/pg/*.c src/pg/*/*.c)
SQL_FRAGMENTS := $(sort $(wildcard $(top)sql/[0-9]*.sql))

STRICT = -std=gnu11 -Wall -Wextra -Wmissing-prototypes -Wno-declaration-after-statement $(WERROR)
# What vectorises the kernels without changing what they compute: no rounding is
# reordered but a product fused with its sum.
FAST = -O3 -ffp-contract=fast -fno-math-errno -fno-trapping-math -fopenmp-simd

# ---- the extension, by PostgreSQL's own rules ----

# Code for the JIT's inliner would need clang, and inlines nothing of use here.
override with_llvm = no

OBJS = $(CORE_SOURCES:%.c=$(BUILD)/obj/%.o) $(PG_SOURCES:%.c=$(BUILD)/obj/%.o)
DATA = $(call relative,sql/nnet--*.sql)
DATA_built = $(EXTENSION)--$(EXTVERSION).sql
DOCS = $(call relative,README.md CHANGELOG.md CONTRIBUTING.md LICENSE)
CHAPTERS := $(call relative,doc/*.md)
PG_CPPFLAGS = -I$(top)src
SHLIB_LINK = -lpng -lpthread -ldl -lm
EXTRA_CLEAN = $(BUILD) results regression.diffs regression.out compile_commands.json
REGRESS = $(patsubst test/sql/%.sql,%,$(call relative,test/sql/*.sql))
# Texts of the world's scripts are in them, whatever the cluster's encoding.
REGRESS_OPTS = --inputdir=$(top)test --encoding=UTF8 --no-locale
# What pg_regress leaves to the server's administrator, and would show.
installcheck: export PGOPTIONS := $(PGOPTIONS) -c client_min_messages=notice -c extra_float_digits=1 \
	-c default_transaction_isolation=read\ committed -c default_transaction_read_only=off \
	-c default_transaction_deferrable=off -c statement_timeout=0 -c search_path=public -c jit=off \
	-c max_parallel_maintenance_workers=1 -c work_mem=4MB -c maintenance_work_mem=64MB

PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))
ifneq ($(PGXS),)
PG_VERSION := $(firstword $(subst ., ,$(patsubst PostgreSQL%,%,$(shell $(PG_CONFIG) --version))))
# betas too
ifeq ($(filter 13% 14% 15% 16% 17% 18%,$(PG_VERSION)),)
$(error nnet is for PostgreSQL 13 to 18, and $(PG_CONFIG) is of $(PG_VERSION): name another PG_CONFIG)
endif
include $(PGXS)
docmoduledir := $(EXTENSION)

# Beside README.md as here, so that the links between them hold.
chapters_dir = $(DESTDIR)$(docdir)/$(docmoduledir)/doc
.PHONY: install-chapters uninstall-chapters
install: install-chapters
install-chapters:
	$(MKDIR_P) '$(chapters_dir)'
	$(INSTALL_DATA) $(addprefix $(top),$(CHAPTERS)) '$(chapters_dir)/'
uninstall: uninstall-chapters
uninstall-chapters:
	rm -f $(addprefix '$(chapters_dir)'/,$(notdir $(CHAPTERS)))
else ifeq ($(filter $(WORK) $(ALONE) unit clean,$(MAKECMDGOALS)),)
$(error PostgreSQL's server headers are missing ("$(PG_CONFIG) --pgxs" names no file): \
install the package that holds them (Debian: postgresql-server-dev-17, for version 17), or run \
scripts/install-deps.sh build, or name another PG_CONFIG)
else
clean:
	rm -rf $(EXTRA_CLEAN) $(DATA_built) $(EXTENSION).so
endif

# PostgreSQL's flags are those of the compiler it was built with, gcc; and what
# gcc says of variables and longjmp is wrong more often than not.
ifeq ($(findstring clang,$(shell $(CC) --version 2>/dev/null)),)
NO_CLOBBERED = -Wno-clobbered
else
override CFLAGS := $(filter-out -fexcess-precision=%,$(CFLAGS)) -Wno-unknown-warning-option
endif

# The core's names are nobody else's affair; its arithmetic may not count on
# integers that wrap around.  PostgreSQL's headers are the system's: what they
# do is not warned about.
CORE_COMPILE = $(CC) $(filter-out -fwrapv,$(CFLAGS)) $(FAST) -fvisibility=hidden $(STRICT) \
	-I$(top)src -MMD -MP
PG_COMPILE = $(CC) $(CFLAGS) $(STRICT) -Wno-unused-parameter -Wno-sign-compare $(NO_CLOBBERED) \
	-isystem $(includedir_server) $(CPPFLAGS) -MMD -MP

say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,echo "$1";)
ifeq ($(V),)
compile = @mkdir -p $(@D); $(call say,  CC $(<:$(top)%=%)) $1 -c $< -o $@
.SILENT: $(EXTENSION).so
else
compile = mkdir -p $(@D) && $1 -c $< -o $@
endif

# A file that holds what something was made with, and is only new when that is:
# a change of compiler or flags compiles anew, a source that went links anew,
# and so does another BUILD than the last one.
remember = @mkdir -p $(@D); echo '$1' | cmp -s - $@ || echo '$1' >$@
.PHONY: FORCE
FORCE:
$(BUILD)/flags: FORCE
	$(call remember,$(CORE_COMPILE) $(PG_COMPILE))
build/linked: FORCE
	$(call remember,$(OBJS))
build/joined: FORCE
	$(call remember,$(SQL_FRAGMENTS))
EXTRA_CLEAN += build

$(BUILD)/obj/src/core/%.o: $(top)src/core/%.c $(BUILD)/flags
	$(call compile,$(CORE_COMPILE))
$(BUILD)/obj/src/pg/%.o: $(top)src/pg/%.c $(BUILD)/flags
	$(call compile,$(PG_COMPILE))
$(EXTENSION).so: build/linked

$(DATA_built): $(SQL_FRAGMENTS) build/joined
	@$(call say,joining sql/*.sql into $@) { printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
		for f in $(SQL_FRAGMENTS); do printf '\n'; cat $$f; done; } >$@

# pg_regress looks for expected output where it runs; a relative name would be
# found in VPATH.
ifneq ($(top),)
installcheck: $(CURDIR)/expected
$(CURDIR)/expected:
	@ln -s $(abspath $(top)expected) $@
clean: unlink-expected
.PHONY: unlink-expected
unlink-expected:
	@[ ! -L expected ] || rm expected
endif

compile_commands.json: $(BUILD)/flags
	@{ for f in $(CORE_SOURCES); do \
			printf '{"directory": "%s", "file": "%s", "command": "%s -c %s"},\n' '$(CURDIR)' $(top)$$f '$(CORE_COMPILE)' $(top)$$f; done; \
		for f in $(PG_SOURCES); do \
			printf '{"directory": "%s", "file": "%s", "command": "%s -c %s"},\n' '$(CURDIR)' $(top)$$f '$(PG_COMPILE)' $(top)$$f; done; \
	} | sed '1s/^/[/; $$s/,$$/]/' >$@

include $(top)test/unit/unit.mk

-include $(OBJS:.o=.d)
