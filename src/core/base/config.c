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

const char *
nn_value_kind(const NNValue *value)
{
	if (value->type == NN_V_STRING)
		return value->string;
	value = nn_value_get(value, "kind");
	return value != NULL && value->type == NN_V_STRING ? value->string : NULL;
}
