/*
 * fma_peak.h
 *	  What the machine can do at most: multiplying and adding in registers.
 */
#ifndef FMA_PEAK_H
#define FMA_PEAK_H

/*
 * GFLOP/s, a multiplication and an addition counted as two, of so many threads
 * at once that compute with the vectors of nn_x86_level and touch no memory.
 */
extern double fma_peak(int threads);

#endif /* FMA_PEAK_H */
