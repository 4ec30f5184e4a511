/*
 * stop.h
 *	  What threads.c tells stop.c of its jobs.
 */
#ifndef NN_STOP_H
#define NN_STOP_H

#include "core/kernels/kernels.h"

/* The calling thread is the one that looks at the flags; whether there are others. */
extern void nn_stop_caller(void);
extern void nn_stop_others(bool others);
/* The caller is in a job from here on, or no longer: only then flags count. */
extern void nn_stop_in_job(bool in_job);
/* By the caller: look at the flags. */
extern void nn_stop_look(void);
extern void nn_stop_raise(void);
extern void nn_stop_clear(void);
extern bool nn_stop_raised(void);

#endif /* NN_STOP_H */
