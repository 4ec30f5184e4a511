/*
 * data.h
 *	  From SQL values to records: what fit and evaluate share.
 *
 * A row (x, y) goes through a recorder, which holds a reader for x and a
 * target for y, into one record (see nn.h); a fit keeps its records in a
 * dataset.  All of them live in the memory context they were made in.
 */
#ifndef NNET_DATA_H
#define NNET_DATA_H

#include "pg/nnet.h"

/* ---- in value.c ---- */

/* Whether values of the type are class labels: strings and enums. */
extern bool nnet_type_is_label(Oid type);

/* ---- in target.c ---- */

typedef struct NnetTarget NnetTarget;

/*
 * How values y of that type become what the model's loss wants.  learn: labels
 * may be collected if the model has none yet.
 */
extern NnetTarget *nnet_target_make(Oid type, const NnetModel *model, bool learn,
									MemoryContext context);
/* Write y as targets of one record. */
extern void nnet_target_write(NnetTarget *target, Datum y, int steps, void *out);
/* Whether classes are provisional until nnet_target_learned. */
extern bool nnet_target_learning(const NnetTarget *target);
/*
 * All rows were seen: put the labels, sorted, into the training row.  True if
 * provisional classes differ from the final ones, so that nnet_target_remap
 * must run over the targets of all records.
 */
extern bool nnet_target_learned(NnetTarget *target, NnetModel *model);
extern void nnet_target_remap(const NnetTarget *target, void *targets);

/* ---- in record.c ---- */

typedef struct NnetRecorder
{
	NNRecordFormat format;
	NnetReader *reader;
	NnetTarget *target;
	char	   *model;			/* its name */
	NNShape		input;
	int			ids;			/* what x must be below, if it feeds an embedding; else 0 */
	/* the row at hand, from nnet_recorder_read to nnet_recorder_write */
	const void *x;
	int			steps;
} NnetRecorder;

/* ytype InvalidOid: there is no y, and nothing is looked at when it is written. */
extern NnetRecorder *nnet_recorder_make(Oid xtype, Oid ytype, const NnetModel *model,
										bool learn, MemoryContext context);
/* Read x; returns the bytes the record will have. */
extern size_t nnet_recorder_read(NnetRecorder *recorder, Datum x);
/* Write the record: x as read, and y. */
extern void nnet_recorder_write(NnetRecorder *recorder, Datum y, void *record);
/* The input's shape; NN_ANY in a variable one. */
extern NNShape nnet_input_shape(const NnetModel *model);
/*
 * Refuse an x of count values that does not fit the input shape.  Returns the
 * steps of a variable input, else 0.
 */
extern int	nnet_input_steps(const NNShape *input, size_t count, const char *model);
/* How many ids there are if the input feeds an embedding, else 0. */
extern int	nnet_model_ids(const NnetModel *model);
/* Refuse what is not one of them. */
extern void nnet_check_ids(const float *x, size_t n, int ids, const char *model);

/* ---- in dataset.c ---- */

typedef struct NnetDataset NnetDataset;

/*
 * An empty dataset, in a child of parent.  batch is how many records will be
 * wanted at a time.
 */
extern NnetDataset *nnet_dataset_create(const NNRecordFormat *format, int batch,
										MemoryContext parent);
/* Room for one more record; valid until the next call with this dataset. */
extern void *nnet_dataset_append(NnetDataset *dataset, size_t bytes);
/* No more records come.  Before anything below. */
extern void nnet_dataset_seal(NnetDataset *dataset);
extern uint64 nnet_dataset_count(const NnetDataset *dataset);
/* How many records to fetch at a time: a multiple of batch. */
extern int	nnet_dataset_window(const NnetDataset *dataset);
/* Point records at those n; valid until the next fetch. */
extern void nnet_dataset_fetch(NnetDataset *dataset, const uint64 *numbers, int n,
							   const void **records);
/* Empty it, to be appended to again. */
extern void nnet_dataset_clear(NnetDataset *dataset);
/* Let edit change every record in place; it may not change its size. */
typedef void (*NnetRecordEdit) (void *record, void *arg);
extern void nnet_dataset_rewrite(NnetDataset *dataset, NnetRecordEdit edit, void *arg);
extern void nnet_dataset_free(NnetDataset *dataset);
/* Close its temporary file early, when an aggregate is abandoned. */
extern void nnet_dataset_close(NnetDataset *dataset);

#endif							/* NNET_DATA_H */
