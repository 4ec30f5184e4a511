/*
 * progress.c
 *	  The view nnet.progress: trainings under way, in shared memory.
 *
 * Each session that trains has a slot, which it takes at its first training by
 * writing its pid there, and gives back as it ends; after a crash the server makes
 * the memory anew.  Only the owner writes: a count that is odd meanwhile tells readers
 * to look again, as in the server's own table of activity.  So nobody waits for anybody.
 *
 * A training leaves the view when its memory context ends, be it by an error.
 */
#include "pg/run/progress.h"

#include <math.h>

#include "catalog/pg_authid.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "replication/walsender.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/acl.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(nnet_progress);

typedef struct Shown
{
	bool trains;
	Oid database;
	Oid role;
	Oid model;
	int first;
	int epochs;
	int epoch;
	int64 step;
	uint64 rows; /* of an epoch */
	uint64 done; /* of this one */
	double loss;
	TimestampTz started;
} Shown;

typedef struct Slot
{
	pg_atomic_uint32 pid;	 /* 0: it is free */
	pg_atomic_uint32 change; /* odd: it is being written */
	Shown shown;
} Slot;

typedef struct Progress
{
	int n;
	Slot slots[FLEXIBLE_ARRAY_MEMBER];
} Progress;

static Progress *progress = NULL; /* NULL: the library is not preloaded */
static Slot *own = NULL;
static uint64 trainings = 0; /* begun by this session */
static bool held = false;	 /* the one that is shown is made of others */
static shmem_startup_hook_type next_startup = NULL;
static NnetShmemRequest next_request = NULL;

/* ---- the memory ---- */

/* More processes than that cannot train. */
static int
most_slots(void)
{
	return MaxConnections + max_worker_processes + max_wal_senders + 1;
}

static Size
progress_bytes(void)
{
	return add_size(offsetof(Progress, slots), mul_size(most_slots(), sizeof(Slot)));
}

static void
start(void)
{
	bool found;

	if (next_startup != NULL)
		next_startup();
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	progress = ShmemInitStruct("nnet progress", progress_bytes(), &found);
	if (!found)
	{
		memset(progress, 0, progress_bytes());
		progress->n = most_slots();
		for (int i = 0; i < progress->n; i++)
		{
			pg_atomic_init_u32(&progress->slots[i].pid, 0);
			pg_atomic_init_u32(&progress->slots[i].change, 0);
		}
	}
	LWLockRelease(AddinShmemInitLock);
}

static void
request(void)
{
	if (next_request != NULL)
		next_request();
	RequestAddinShmemSpace(progress_bytes());
}

void
nnet_progress_define(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	NNET_AT_SHMEM_REQUEST(next_request, request);
	next_startup = shmem_startup_hook;
	shmem_startup_hook = start;
}

/* ---- writing ---- */

static void
begin_change(void)
{
	START_CRIT_SECTION();
	pg_atomic_write_u32(&own->change, pg_atomic_read_u32(&own->change) + 1);
	pg_write_barrier();
}

static void
end_change(void)
{
	pg_write_barrier();
	pg_atomic_write_u32(&own->change, pg_atomic_read_u32(&own->change) + 1);
	END_CRIT_SECTION();
}

static void
give_back(int code, Datum arg)
{
	begin_change();
	own->shown.trains = false;
	end_change();
	pg_atomic_write_u32(&own->pid, 0);
	own = NULL;
}

/* A slot for this session, if there is one. */
static void
take_slot(void)
{
	for (int i = 0; i < progress->n && own == NULL; i++)
	{
		uint32 nobody = 0;

		if (pg_atomic_compare_exchange_u32(&progress->slots[i].pid, &nobody, (uint32) MyProcPid))
			own = &progress->slots[i];
	}
	if (own != NULL)
		before_shmem_exit(give_back, (Datum) 0);
}

typedef struct Ending
{
	MemoryContextCallback callback;
	uint64 number;
} Ending;

static void
end(void *arg)
{
	if (own == NULL || ((Ending *) arg)->number != trainings)
		return;
	held = false;
	begin_change();
	own->shown.trains = false;
	end_change();
}

void
nnet_progress_begin(Oid model, int first, int epochs, uint64 rows, MemoryContext context)
{
	Ending *ending;

	if (held)
		return;
	if (progress != NULL && own == NULL)
		take_slot();
	if (own == NULL)
		return;
	ending = MemoryContextAllocZero(context, sizeof(Ending));
	ending->number = ++trainings;
	ending->callback = (MemoryContextCallback){.func = end, .arg = ending};
	MemoryContextRegisterResetCallback(context, &ending->callback);
	begin_change();
	own->shown = (Shown){
		.trains = true,
		.database = MyDatabaseId,
		.role = GetSessionUserId(),
		.model = model,
		.first = first,
		.epochs = epochs,
		.epoch = first,
		.rows = rows,
		.loss = NAN,
		.started = GetCurrentTimestamp(),
	};
	end_change();
}

void
nnet_progress_hold(void)
{
	held = own != NULL && own->shown.trains;
}

void
nnet_progress_epoch(int epoch)
{
	if (own == NULL || !own->shown.trains || held)
		return;
	begin_change();
	own->shown.epoch = epoch;
	own->shown.done = 0;
	end_change();
}

void
nnet_progress_rows(int64 step, uint64 rows, double loss)
{
	if (own == NULL || !own->shown.trains)
		return;
	begin_change();
	own->shown.step = step;
	own->shown.done += rows;
	own->shown.loss = loss;
	end_change();
}

/* ---- reading ---- */

/* The pid whose slot it is, and what it shows; 0: nobody trains there. */
static int
read_slot(Slot *slot, Shown *shown)
{
	for (;;)
	{
		uint32 before = pg_atomic_read_u32(&slot->change);
		int pid = (int) pg_atomic_read_u32(&slot->pid);

		pg_read_barrier();
		memcpy(shown, &slot->shown, sizeof(Shown));
		pg_read_barrier();
		if (before == pg_atomic_read_u32(&slot->change) && before % 2 == 0)
			return pid != 0 && shown->trains ? pid : 0;
		nnet_check_interrupts();
	}
}

static bool
may_see(Oid role)
{
	return has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS) ||
		has_privs_of_role(GetUserId(), role);
}

/* As the rows so far let it expect; false: there were none. */
static bool
estimate_end(const Shown *shown, TimestampTz *estimate)
{
	double epochs = shown->epochs - shown->first + 1;
	double done = shown->epoch - shown->first;
	double passed = (double) (GetCurrentTimestamp() - shown->started);

	if (shown->rows > 0)
		done += Min((double) shown->done / (double) shown->rows, 1);
	if (done <= 0 || epochs <= 0 || !(passed / done * epochs < 1e18))
		return false;
	*estimate = shown->started + (TimestampTz) (passed / done * epochs);
	return true;
}

/* pid, database, model, epoch, epochs, step, loss, started, estimated_end */
static void
put_training(FunctionCallInfo fcinfo, int pid, const Shown *shown)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Datum values[9] = {Int32GetDatum(pid)};
	bool nulls[9] = {false, true, true, true, true, true, true, true, true};
	TimestampTz estimate = 0;

	if (may_see(shown->role))
	{
		for (int i = 1; i < 9; i++)
			nulls[i] = false;
		values[1] = ObjectIdGetDatum(shown->database);
		values[2] = ObjectIdGetDatum(shown->model);
		/* an oid means nothing elsewhere */
		nulls[2] = shown->database != MyDatabaseId || !OidIsValid(shown->model);
		values[3] = Int32GetDatum(shown->epoch);
		values[4] = Int32GetDatum(shown->epochs);
		values[5] = Int64GetDatum(shown->step);
		values[6] = Float8GetDatum(shown->loss);
		nulls[6] = !isfinite(shown->loss);
		values[7] = TimestampTzGetDatum(shown->started);
		nulls[8] = !estimate_end(shown, &estimate);
		values[8] = TimestampTzGetDatum(estimate);
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* What the view nnet.progress is made of. */
Datum
nnet_progress(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	if (progress == NULL)
	{
		ereport(NOTICE,
				(errmsg("nnet.progress shows nothing, as the library is not preloaded"),
				 errhint("Add nnet to shared_preload_libraries, and restart the server. "
						 "nnet.options(verbose => true) tells of each epoch.")));
		return (Datum) 0;
	}
	for (int i = 0; i < progress->n; i++)
	{
		Shown shown;
		int pid = read_slot(&progress->slots[i], &shown);

		if (pid != 0)
			put_training(fcinfo, pid, &shown);
	}
	return (Datum) 0;
}
