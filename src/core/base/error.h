/*
 * error.h
 *	  Filling an NNError, and texts of a length that somebody else chose (error.c).
 */
#ifndef NN_ERROR_H
#define NN_ERROR_H

#include <string.h>

#include "core/nn.h"

/* Fill error and return false, so that a check reads `return nn_error(...)`. */
extern bool nn_error(NNError *error, NNErrorCode code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Set the hint; returns false. */
extern bool nn_hint(NNError *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* How many bytes of text to take, at most so many: whole characters of UTF-8. */
extern size_t nn_cut(const char *text, size_t most);
/* At most 60 bytes of a stranger's text, cut between characters, for a message. */
#define NN_CLIP 64
extern const char *nn_clip(char buf[NN_CLIP], const char *text);

/* Print behind what is there; *used may pass size, then nothing is added. */
extern void nn_append(char *buf, size_t size, size_t *used, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif /* NN_ERROR_H */
