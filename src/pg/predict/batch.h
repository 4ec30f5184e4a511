/*
 * batch.h
 *	  Many rows through a model in one pass, with threads: what predict_batch
 *	  and the batched scan share.
 */
#ifndef NNET_BATCH_H
#define NNET_BATCH_H

#include "pg/nnet.h"

#define NNET_BATCH_ROWS 8192 /* of a pass, at most */

typedef struct NnetBatch NnetBatch;

/*
 * For values x of that type, in a new child of query, which is the executor's
 * context, as functions see it in flinfo->fn_mcxt.  bytes: for rows in and out.
 * alone: no threads but the caller, since the query has other workers.  ahead: rows
 * are added that nobody may want, so that only code of the server's and ours may read x.
 */
extern NnetBatch *
nnet_batch_make(MemoryContext query, Oid xtype, size_t bytes, bool alone, bool ahead);
/* Which model: the one that rows are added for until the next call. */
extern void nnet_batch_set_model(NnetBatch *batch, Oid relid);
/* The model set last, and its name; InvalidOid and NULL: none yet. */
extern Oid nnet_batch_relid(const NnetBatch *batch);
extern const char *nnet_batch_model(const NnetBatch *batch);
/* Ahead: x has been met, or is known to come, that other code reads. */
extern bool nnet_batch_declines(const NnetBatch *batch);

/* Begin a pass of that many rows, or fewer. */
extern void nnet_batch_begin(NnetBatch *batch, int expected);
/*
 * A row: take reads x, which may run anything; look asks for the model as it
 * is then; add puts x into the pass.  False: the row belongs to the next pass, since this one is full or has rows of other
 * length.  The threads begin with the first rows while others are added.
 */
extern void nnet_batch_take(NnetBatch *batch, Datum x);
/*
 * The same of x, a row of a named type, that is not put together: attribute i has
 * the value at columns[i].  Not all models take it so.
 */
extern bool nnet_batch_takes_columns(const NnetBatch *batch);
extern void nnet_batch_take_columns(NnetBatch *batch, const Datum *values, const bool *nulls,
									const int *columns);
extern void nnet_batch_look(NnetBatch *batch);
extern bool nnet_batch_add(NnetBatch *batch);
extern bool nnet_batch_full(const NnetBatch *batch);
extern int nnet_batch_count(const NnetBatch *batch);
/* Predict all of them: then outputs are there until the next pass begins. */
extern void nnet_batch_finish(NnetBatch *batch);
/* The model as it predicted them, valid until the cache is asked again. */
extern const NnetModel *nnet_batch_loaded(const NnetBatch *batch);
extern const NNShape *nnet_batch_shape(const NnetBatch *batch);
extern const nn_real *nnet_batch_outputs(const NnetBatch *batch, int place);

#endif /* NNET_BATCH_H */
