/*
 * scan_state.h
 *	  A batched scan while it runs: its state, and its queue of rows.
 *
 * Rows wait in the queue: up to `ready` they are predicted, or never will be;
 * those after it were read but belong to the next batch.
 *
 * Lifetimes: all of it is the executor's.  Tuples of the queue are freed as
 * they are passed on, outputs with the next batch.
 */
#ifndef NNET_SCAN_STATE_H
#define NNET_SCAN_STATE_H

#include "pg/predict/scan.h"

#include "nodes/execnodes.h"
#include "pg/predict/batch.h"

#define NNET_SCAN_FIRST_ROWS 16 /* of a batch; the row before is left to the calls */
#define NNET_NO_PLACE (-1)

/* One call of predict or classify. */
typedef struct NnetCall
{
	FuncExpr *expr;
	NnetCallKind kind;
	struct NnetCall
		*leader;	/* an earlier call of the same model and x, whose batch it shares; or NULL */
	bool late;		/* evaluated for rows that pass the conditions only */
	bool evaluated; /* as it was written, for a row that was returned */
	bool begun;		/* and that raised no error */
	bool declined;	/* there is no memory for batches */
	ExprState *model;
	ExprState *x;
	const int *columns; /* in the scan's slot, by the attribute of x, a row; NULL: x is evaluated */
	ExprState *output;	/* its name, or NULL */
	NnetBatch *batch;
	bool batched; /* in the batch that is read */
	char *wanted; /* the name as it is now, or NULL */
	/* of the outputs of a row, what the call gives */
	NNShape shape;
	size_t at;
	int64 number; /* of calls, as messages count them */
} NnetCall;

typedef struct NnetScanRow
{
	MinimalTuple tuple;
	ItemPointerData tid;
	Oid table;
	int64 at;	   /* its place in the plan below, from 1 */
	bool doubtful; /* an error was met: all is evaluated when it is wanted */
} NnetScanRow;

/* What a call has of a row. */
typedef struct NnetPart
{
	int place;			   /* in its batch, or NNET_NO_PLACE */
	bool given;			   /* x is not NULL */
	struct varlena *label; /* of classify, or those of classify_steps */
} NnetPart;

typedef struct NnetScan
{
	CustomScanState css; /* first */
	int columns;		 /* of the plan below */
	int used;			 /* the first so many are read for rows whose calls are all predicted */
	int n_calls;
	NnetCall *calls;
	ExprState *early; /* conditions before the calls, or NULL */
	ExprState *rest;  /* those after, or NULL */
	ExprState *offset;
	ExprState *count;
	bool alone;

	ScanState *table; /* below, whose rows ours are, or NULL */

	/* over another such scan, and under one: see nnet_scan_fill */
	struct NnetScan *below;
	NnetCertainty certainty;
	bool certain_only; /* nobody wants the next row yet */
	bool paused;	   /* there are rows, but none that is certain */

	/* the queue */
	MemoryContext stored;
	MemoryContext labels;
	TupleTableSlot *slot; /* of a stored tuple */
	NnetScanRow *rows;
	NnetPart *parts; /* n_calls a row */
	int room;
	int head;
	int ready;
	int n;
	Size bytes; /* of tuples */

	bool started;
	int n_next;
	int64 most; /* rows that will be asked for; 0: any number */
	int64 returned;
	int64 below_at; /* where the plan below is */
	int64 at;		/* where the row returned last is */
	bool below_ended;

	/* for EXPLAIN */
	int64 n_batches;
	int64 n_batched;
} NnetScan;

/* ---- in scan_batch.c ---- */

/* Put the first n columns of the plan below, without predictions, into the scan's slot; values stay where they are. */
extern void nnet_scan_load_columns(NnetScan *scan, TupleTableSlot *from, int n);
/* The same of a row of the queue, which leaves it if it is passed on now. */
extern void nnet_scan_load_row(NnetScan *scan, NnetScanRow *row, int n, bool passed);
/* Predictions and numbers of the row in the slot. */
extern void nnet_scan_load_parts(NnetScan *scan, const NnetPart *parts, ExprContext *econtext);
/* Whether the row in the slot goes through later conditions and the targetlist without an error. */
extern bool nnet_scan_try_row(NnetScan *scan, ExprContext *econtext);
/* Which row of a table the plan below is at. */
extern void nnet_scan_note_place(const NnetScan *scan, NnetScanRow *row);
/*
 * Have rows that are ready, if there are any more.  Those that are read ahead
 * from another batched scan are the ones that it is certain of: its conditions may be
 * calls, and whatever fails there is to fail when the row is wanted.
 */
extern void nnet_scan_fill(NnetScan *scan, ExprContext *econtext);

#endif /* NNET_SCAN_STATE_H */
