/*
 * progress.h
 *	  What the trainings of all sessions are at: the view nnet.progress.
 *
 * It is in shared memory, and so only there where the library is preloaded.
 */
#ifndef NNET_PROGRESS_H
#define NNET_PROGRESS_H

#include "pg/nnet.h"

/* At the library's start. */
extern void nnet_progress_define(void);
/*
 * A training begins, which ends with the context: epochs from first on (from 1), of
 * that many rows.  Of several that this session has under way, the latest is shown.
 */
extern void
nnet_progress_begin(Oid model, int first, int epochs, uint64 rows, MemoryContext context);
/*
 * Until that training ends, others of this session add their rows to it and are not
 * shown themselves.
 */
extern void nnet_progress_hold(void);
/* It is in that epoch. */
extern void nnet_progress_epoch(int epoch);
/* So many steps were done over the model's life, so many more rows trained on; the loss so far. */
extern void nnet_progress_rows(int64 step, uint64 rows, double loss);

#endif /* NNET_PROGRESS_H */
