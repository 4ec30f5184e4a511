# Unit tests: programs of the numerics core alone, without PostgreSQL.
#
# Each kernels_*.c, graph_*.c, layer_*.c, train_*.c, run_*.c and machine_*.c is a program;
# the other files here are shared by all.  Three flavours: double (so that
# gradients can be checked) and float, both with the sanitizers for memory and
# undefined behaviour, and float with the one for races between threads, for
# the programs that run threads.

UNIT_SANITIZE_double = -fsanitize=address,undefined -fno-sanitize-recover=all -DNN_DOUBLE
UNIT_SANITIZE_float = -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_SANITIZE_thread = -fsanitize=thread
UNIT_FLAVOURS = double float thread

# The sanitizers' checks defeat some of what -Wextra can prove at -O1.
UNIT_COMPILE = $(CC) -g -O1 -fno-omit-frame-pointer $(filter-out -O%,$(FAST)) $(STRICT) \
	-D_GNU_SOURCE -I$(top)src -I$(or $(top),.) -MMD -MP

UNIT_PROGRAMS := $(call relative,$(foreach p,kernels graph layer train run machine,test/unit/$(p)_*.c))
UNIT_SHARED := $(filter-out $(UNIT_PROGRAMS),$(call relative,test/unit/*.c))
# Of the glue, what knows no PostgreSQL.
UNIT_GLUE = src/pg/machine_memory.c
UNIT_PROGRAMS_thread := $(filter test/unit/run_%.c test/unit/kernels_threads.c,$(UNIT_PROGRAMS))
UNIT_PROGRAMS_double := $(UNIT_PROGRAMS)
UNIT_PROGRAMS_float := $(UNIT_PROGRAMS)

$(BUILD)/unit/%/flags: FORCE
	$(call remember,$(UNIT_COMPILE) $(UNIT_SANITIZE_$*))

define unit_flavour
UNIT_DIR_$(1) := $$(BUILD)/unit/$(1)
UNIT_ARCHIVE_$(1) := $$(CORE_SOURCES:%.c=$$(UNIT_DIR_$(1))/%.o) $$(UNIT_GLUE:%.c=$$(UNIT_DIR_$(1))/%.o) $$(UNIT_SHARED:%.c=$$(UNIT_DIR_$(1))/%.o)

$$(UNIT_DIR_$(1))/%.o: $(top)%.c $$(UNIT_DIR_$(1))/flags
	$$(call compile,$$(UNIT_COMPILE) $$(UNIT_SANITIZE_$(1)))

$$(UNIT_DIR_$(1))/core.a: $$(UNIT_ARCHIVE_$(1))
	@rm -f $$@ && ar rcs $$@ $$^

$$(UNIT_DIR_$(1))/bin/%: $$(UNIT_DIR_$(1))/test/unit/%.o $$(UNIT_DIR_$(1))/core.a
	@mkdir -p $$(@D)
	@$$(CC) -g $$(UNIT_SANITIZE_$(1)) $$^ -o $$@ -lpthread -ldl -lm

UNIT_BINARIES += $$(UNIT_PROGRAMS_$(1):test/unit/%.c=$$(UNIT_DIR_$(1))/bin/%)
-include $$(UNIT_ARCHIVE_$(1):.o=.d) $$(UNIT_PROGRAMS_$(1):%.c=$$(UNIT_DIR_$(1))/%.d)
endef
$(foreach f,$(UNIT_FLAVOURS),$(eval $(call unit_flavour,$(f))))

# A library under OpenBLAS's name, for kernels_openblas.
UNIT_FAKE := $(BUILD)/unit/fake/libopenblas.so.0
$(UNIT_FAKE): test/unit/fake/openblas.c
	@mkdir -p $(@D); echo "  CC $<"; $(CC) -g -O1 -shared -fPIC $(STRICT) -o $@ $<
$(UNIT_FLAVOURS:%=$(BUILD)/unit/%/bin/kernels_openblas): | $(UNIT_FAKE)

# Builds all of them, and removes those whose source went.
unit: $(UNIT_BINARIES)
	@rm -f $(filter-out $(UNIT_BINARIES),$(wildcard $(UNIT_FLAVOURS:%=$(BUILD)/unit/%/bin/*)))
.SECONDARY:

# Where the time goes: the extension's own objects, timed layer by layer.
PROFILE := $(BUILD)/profile
$(PROFILE): $(addprefix $(top),test/bench/profile.c test/unit/network.c test/unit/json.c) $(CORE_SOURCES:%.c=$(BUILD)/obj/%.o)
	@echo "  CC $<"
	@$(CORE_COMPILE) -march=native -D_GNU_SOURCE -I$(or $(top),.) -o $@ $^ -lpthread -ldl -lm
