/*
 * config.c
 *	  Looking into configurations.  The caller owns the tree.
 */
#include "core/base/error.h"

const NNValue *
nn_value_get(const NNValue *object, const char *key)
{
	if (object == NULL || object->type != NN_V_OBJECT)
		return NULL;
	for (int i = 0; i < object->count; i++)
		if (strcmp(object->keys[i], key) == 0)
			return &object->items[i];
	return NULL;
}
