/*
 * kernel_set.h
 *	  Which of OpenBLAS's sets of kernels suits a processor.
 *
 * OpenBLAS goes by a list of the processors that were known at its release.  On
 * a later one some versions take kernels for SSE, which are four times slower.
 * Everything here is decided from what is handed over, and nothing is done.
 */
#ifndef NN_KERNEL_SET_H
#define NN_KERNEL_SET_H

#include "core/kernels/kernels.h"
#include "core/kernels/processor.h"

/* How the set of that name (openblas_get_corename) suits the processor. */
extern NNKernelFit nn_kernel_set_fit(const NNProcessor *processor, const char *taken);

/*
 * The name to ask OpenBLAS for instead of the set that it took, or NULL if
 * there is none better.  after is what was asked for before, without success;
 * NULL at first.  config is openblas_get_config(): versions from 0.3.29 on
 * choose right by themselves: then nothing is asked for unless it is beyond
 * what features there are, which may be limited.
 */
extern const char *nn_kernel_set_better(const NNProcessor *processor, const char *config,
										const char *taken, const char *after);

#endif /* NN_KERNEL_SET_H */
