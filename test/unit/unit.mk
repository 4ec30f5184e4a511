# Unit tests: programs of the numerics core alone, without PostgreSQL.
#
# Each kernels_*.c, graph_*.c, layer_*.c, train_*.c, run_*.c, machine_*.c and rows_*.c is a program;
# the other files here are shared by all.  Three flavours: double (so that
# gradients can be checked) and float, both with the sanitizers for memory and
# undefined behaviour, and float with the one for races between threads, for
# the programs that run threads.  Beside them two in float without sanitizers,
# for processors that are emulated (scripts/test-processors.sh).

UNIT_SANITIZE_double = -fsanitize=address,undefined -fno-sanitize-recover=all -DNN_DOUBLE
UNIT_SANITIZE_float = -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_SANITIZE_thread = -fsanitize=thread
# The core as it is shipped; the tests themselves need not be fast.
$(BUILD)/unit/x86_64/src/%.o $(BUILD)/unit/arm64/src/%.o: UNIT_OPTIMIZE = -O3
UNIT_CC_arm64 = aarch64-linux-gnu-gcc
UNIT_FLAVOURS = double float thread
UNIT_EMULATED = x86_64 arm64

# The sanitizers' checks defeat some of what -Wextra can prove at -O1.
UNIT_COMPILE = $(or $(UNIT_CC_$1),$(CC)) -g -O1 -fno-omit-frame-pointer $(filter-out -O%,$(FAST)) $(STRICT) \
	-D_GNU_SOURCE -I$(top)src -I$(or $(top),.) -MMD -MP

UNIT_PROGRAMS := $(call relative,$(foreach p,kernels graph layer train run machine rows,test/unit/$(p)_*.c))
UNIT_SHARED := $(filter-out $(UNIT_PROGRAMS),$(call relative,test/unit/*.c))
# Of the glue, what knows no PostgreSQL.
UNIT_GLUE = src/pg/machine_memory.c src/pg/data/order.c
UNIT_PROGRAMS_thread := $(filter test/unit/run_%.c test/unit/kernels_threads.c,$(UNIT_PROGRAMS))
UNIT_PROGRAMS_double := $(UNIT_PROGRAMS)
UNIT_PROGRAMS_float := $(UNIT_PROGRAMS)
# Not those that start themselves or limit their memory, which is not emulated.
UNIT_PROGRAMS_x86_64 := $(filter-out test/unit/kernels_openblas.c test/unit/machine_%.c,$(UNIT_PROGRAMS))
UNIT_PROGRAMS_arm64 := $(UNIT_PROGRAMS_x86_64)

$(BUILD)/unit/%/flags: FORCE
	$(call remember,$(call UNIT_COMPILE,$*) $(UNIT_SANITIZE_$*))

define unit_flavour
UNIT_DIR_$(1) := $$(BUILD)/unit/$(1)
UNIT_ARCHIVE_$(1) := $$(CORE_SOURCES:%.c=$$(UNIT_DIR_$(1))/%.o) $$(UNIT_GLUE:%.c=$$(UNIT_DIR_$(1))/%.o) $$(UNIT_SHARED:%.c=$$(UNIT_DIR_$(1))/%.o)

$$(UNIT_DIR_$(1))/%.o: $(top)%.c $$(UNIT_DIR_$(1))/flags
	$$(call compile,$$(call UNIT_COMPILE,$(1)) $$(UNIT_SANITIZE_$(1)) $$(UNIT_OPTIMIZE))

$$(UNIT_DIR_$(1))/core.a: $$(UNIT_ARCHIVE_$(1))
	@rm -f $$@ && ar rcs $$@ $$^

$$(UNIT_DIR_$(1))/bin/%: $$(UNIT_DIR_$(1))/test/unit/%.o $$(UNIT_DIR_$(1))/core.a
	@mkdir -p $$(@D)
	@$$(or $$(UNIT_CC_$(1)),$$(CC)) -g $$(UNIT_SANITIZE_$(1)) $$^ -o $$@ -lpthread -ldl -lm

UNIT_BINARIES_$(1) := $$(UNIT_PROGRAMS_$(1):test/unit/%.c=$$(UNIT_DIR_$(1))/bin/%)
-include $$(UNIT_ARCHIVE_$(1):.o=.d) $$(UNIT_PROGRAMS_$(1):%.c=$$(UNIT_DIR_$(1))/%.d)
endef
$(foreach f,$(UNIT_FLAVOURS) $(UNIT_EMULATED),$(eval $(call unit_flavour,$(f))))
UNIT_BINARIES := $(foreach f,$(UNIT_FLAVOURS),$(UNIT_BINARIES_$(f)))

# A library under OpenBLAS's name, for kernels_openblas.
UNIT_FAKE := $(BUILD)/unit/fake/libopenblas.so.0
$(UNIT_FAKE): $(top)test/unit/fake/openblas.c
	@mkdir -p $(@D); echo "  CC $<"; $(CC) -g -O1 -shared -fPIC $(STRICT) -o $@ $<
$(UNIT_FLAVOURS:%=$(BUILD)/unit/%/bin/kernels_openblas): | $(UNIT_FAKE)

# Builds all of them, and removes those whose source went.
unit: $(UNIT_BINARIES)
	@rm -f $(filter-out $(UNIT_BINARIES),$(wildcard $(UNIT_FLAVOURS:%=$(BUILD)/unit/%/bin/*)))
.SECONDARY:

# Those for an emulated processor: unit-x86_64, unit-arm64; for the latter the glue is
# compiled as well, with this machine's headers of PostgreSQL, but not linked.
$(UNIT_EMULATED:%=unit-%): unit-%:
	@$(MAKE) -f $(firstword $(MAKEFILE_LIST)) --no-print-directory $(UNIT_BINARIES_$*)
unit-arm64: $(PG_SOURCES:%.c=$(BUILD)/unit/arm64/glue/%.o)
$(BUILD)/unit/arm64/glue/%.o: $(top)%.c $(BUILD)/unit/arm64/flags
	$(call compile,$(UNIT_CC_arm64) -O2 $(STRICT) -D_GNU_SOURCE -Wno-unused-parameter \
		-Wno-sign-compare -Wno-clobbered -I$(top)src -isystem $(includedir_server) \
		-idirafter /usr/include -MMD -MP)
.PHONY: $(UNIT_EMULATED:%=unit-%)

# Where the time goes: the extension's own objects, timed layer by layer.
PROFILE := $(BUILD)/profile
$(PROFILE): $(addprefix $(top),test/bench/profile.c test/bench/fma_peak.c test/unit/network.c test/unit/gan_pair.c test/unit/json.c) $(CORE_SOURCES:%.c=$(BUILD)/obj/%.o)
	@echo "  CC $<"
	@$(CORE_COMPILE) -D_GNU_SOURCE -I$(or $(top),.) -o $@ $^ -lpthread -ldl -lm
