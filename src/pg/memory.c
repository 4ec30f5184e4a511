/*
 * memory.c
 *	  What memory this session may use for models, and what it uses.
 *
 * A server in which one process takes too much is ended by the kernel, with
 * all its sessions.  So all that may be large (parameters, slots, gradients,
 * packed weights, workspaces, rows, sums of averages) is in one sum, and is
 * refused before it is allocated if the sum is over nnet.memory_fraction of
 * what the machine and the control groups of this process allow, if so much
 * is not free there now, or if the address space is limited.
 *
 * What is counted is counted until its memory context ends, by a callback of
 * the context.
 */
#include "pg/nnet.h"

#include <sys/mman.h>
#include <time.h>

#include "lib/stringinfo.h"
#include "pg/machine_memory.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

#define LIMITS_SECONDS 2 /* so long what was read of the machine holds */
/* From here on a request must find its memory free now, beside a part that is left to others. */
#define LARGE_BYTES ((size_t) 32 << 20)
#define SPARE_PARTS 16
#define LARGE_PAGE ((uintptr_t) 2 << 20) /* of x86-64 and ARM64 */

static size_t memory_used = 0;

/* ---- limits ---- */

static const NnetMachineMemory *
machine_memory(bool now)
{
	static NnetMachineMemory memory;
	static time_t read_at = 0;
	time_t time_now = time(NULL);

	if (now || read_at == 0 || time_now < read_at || time_now - read_at >= LIMITS_SECONDS)
	{
		nnet_machine_memory_read("", &memory);
		read_at = time_now;
	}
	return &memory;
}

size_t
nnet_memory_limit(void)
{
	uint64_t limit = machine_memory(false)->limit;

	/* as a double, the limit of a machine that tells none is more than size_t holds */
	return nnet_memory_fraction < 1 ? (size_t) ((double) limit * nnet_memory_fraction) : limit;
}

size_t
nnet_memory_used(void)
{
	return memory_used;
}

/* What may be free for a request of that size: small ones are as any query's. */
static size_t
free_memory(size_t bytes)
{
	const NnetMachineMemory *memory;
	uint64_t spare;

	if (bytes < LARGE_BYTES)
		return SIZE_MAX;
	memory = machine_memory(true);
	spare = memory->limit / SPARE_PARTS;
	return memory->available > spare ? memory->available - spare : 0;
}

static size_t
share_left(void)
{
	size_t limit = nnet_memory_limit();

	return memory_used < limit ? limit - memory_used : 0;
}

/* As with what is free, what small requests find may be some seconds old. */
static size_t
address_space(size_t bytes)
{
	return Min(machine_memory(bytes >= LARGE_BYTES)->promisable, nnet_address_space_left());
}

size_t
nnet_memory_left(size_t bytes)
{
	return Min(Min(share_left(), free_memory(bytes)), address_space(bytes));
}

/* ---- what is kept only for speed ---- */

static void (*spare)(void) = NULL;

void
nnet_memory_keep_spare(void (*give)(void))
{
	spare = give;
}

void
nnet_memory_give_spare(void)
{
	if (spare != NULL)
		spare();
}

/* ---- refusing ---- */

static const char *const purposes[NNET_MEMORY_PURPOSES] = {
	[NNET_MEMORY_PARAMETERS] = "parameters",
	[NNET_MEMORY_SLOTS] = "optimizer state",
	[NNET_MEMORY_GRADIENTS] = "gradients",
	[NNET_MEMORY_PACKED] = "packed weights",
	[NNET_MEMORY_WORKSPACE] = "workspace",
	[NNET_MEMORY_BEST] = "the best epoch's weights",
	[NNET_MEMORY_COPIES] = "copies while rows are read or written",
	[NNET_MEMORY_ROWS] = "rows",
};

/* "1.5 MB", "3072 MB" */
static const char *
megabytes(size_t bytes)
{
	double number = (double) bytes / (1024 * 1024);

	return psprintf("%.*f MB", number < 10 ? 1 : 0, number);
}

static char *
list_purposes(const NnetMemoryNeed *need)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < NNET_MEMORY_PURPOSES; i++)
		if (need->bytes[i] > 0)
			appendStringInfo(&text, "%s%s for %s", text.len > 0 ? ", " : "",
							 megabytes(need->bytes[i]), purposes[i]);
	return text.data;
}

/* Which of the limits it is, and how the way out looks. */
static void
refuse(const NnetMemoryNeed *need, size_t bytes)
{
	const NnetMachineMemory *memory = machine_memory(false);
	size_t left = nnet_memory_left(bytes);
	const char *why;

	if (bytes > share_left())
		why =
			psprintf("This session may use %s (nnet.memory_fraction is %g of %s, the %s), of "
					 "which %s are in use.",
					 megabytes(nnet_memory_limit()), nnet_memory_fraction, megabytes(memory->limit),
					 memory->group ? "limit of its control group" : "machine's memory",
					 megabytes(memory_used));
	else if (bytes > free_memory(bytes))
		why = psprintf("%s has no more that is free.",
					   memory->group ? "The control group" : "The machine");
	else
		why = "The address space of this process is limited (ulimit, or strict overcommit).";
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 need->model != NULL
				 ? errmsg("model \"%s\" needs %s of memory to %s, but %s are left", need->model,
						  megabytes(bytes), need->action, megabytes(left))
				 : errmsg("%s of memory are needed to %s, but %s are left", megabytes(bytes),
						  need->action, megabytes(left)),
			 errdetail("It is %s. %s", list_purposes(need), why),
			 errhint("%s",
					 need->hint != NULL ? need->hint
										: "Make the model smaller, or let a superuser raise "
										  "nnet.memory_fraction.")));
}

void
nnet_memory_check(const NnetMemoryNeed *need)
{
	size_t bytes = 0;

	for (int i = 0; i < NNET_MEMORY_PURPOSES; i++)
		bytes = add_size(bytes, need->bytes[i]);
	if (bytes > nnet_memory_left(bytes))
		refuse(need, bytes);
}

/* ---- counting ---- */

/* Counted until the context ends: at the head of the memory itself. */
typedef struct Counted
{
	MemoryContextCallback callback;
	size_t bytes;
} Counted;

static void
uncount(void *arg)
{
	memory_used -= ((Counted *) arg)->bytes;
}

/*
 * Memory that is passed over from end to end, as all of ours: in large pages it
 * takes fewer faults to get and fewer misses to find.  What the machine has none
 * of, or does not want to give, stays as it is.
 */
void *
nnet_memory_alloc_large(MemoryContext context, size_t bytes)
{
	void *memory = MemoryContextAllocHuge(context, bytes);
#ifdef MADV_HUGEPAGE
	uintptr_t from = TYPEALIGN(LARGE_PAGE, (uintptr_t) memory);
	uintptr_t to = TYPEALIGN_DOWN(LARGE_PAGE, (uintptr_t) memory + bytes);

	if (from < to)
		(void) madvise((void *) from, to - from, MADV_HUGEPAGE);
#endif
	return memory;
}

void *
nnet_memory_alloc(MemoryContext context, size_t bytes, bool zero)
{
	size_t all = add_size(bytes, sizeof(Counted) + NN_ALIGN);
	Counted *counted = nnet_memory_alloc_large(context, all);

	if (zero)
		memset(counted, 0, all);
	counted->callback = (MemoryContextCallback){.func = uncount, .arg = counted};
	counted->bytes = all;
	memory_used += all;
	MemoryContextRegisterResetCallback(context, &counted->callback);
	return (void *) TYPEALIGN(NN_ALIGN, counted + 1);
}

void
nnet_memory_take(size_t bytes)
{
	memory_used += bytes;
}

void
nnet_memory_give(size_t bytes)
{
	memory_used -= Min(bytes, memory_used);
}
