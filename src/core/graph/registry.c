/*
 * registry.c
 *	  The kinds of layers, found by name.  Their list is in layers/kinds.h.
 */
#include "core/graph/model.h"
#include "core/layers/kinds.h"

#define POINT(symbol) &symbol,

static const NNKind *const kinds[] = {NN_KINDS(POINT)};

const NNKind *
nn_kind_find(const char *name)
{
	for (int i = 0; i < NN_ARRAY_LENGTH(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const char *
nn_kind_name(int i)
{
	return i >= 0 && i < NN_ARRAY_LENGTH(kinds) ? kinds[i]->name : NULL;
}
