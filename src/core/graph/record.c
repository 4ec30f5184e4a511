/*
 * record.c
 *	  Where things lie in a record of training data: see NNRecordFormat.
 */
#include "core/internal.h"

size_t
nn_record_x_offset(const NNRecordFormat *format, int steps)
{
	size_t		targets = format->target_count * (format->target_variable ? (size_t) steps : 1);

	return NN_RECORD_TARGET_OFFSET + targets * sizeof(float);
}

/* Rounded up, so that the next record starts on a boundary of 4. */
size_t
nn_record_bytes(const NNRecordFormat *format, int steps)
{
	size_t		x = format->x_count * (format->variable ? (size_t) steps : 1);
	size_t		bytes = nn_record_x_offset(format, steps) + x * (format->bytes ? 1 : sizeof(float));

	return (bytes + 3) & ~(size_t) 3;
}
