/*
 * objective.h
 *	  Objectives by names, or as JSON has them, as most tests want them.
 */
#ifndef TEST_OBJECTIVE_H
#define TEST_OBJECTIVE_H

#include "core/nn.h"
#include "test/unit/json.h"

#define MOST_NAMES (NN_MAX_METRICS + 1)

/* A name, or a JSON object, which then lives until the program ends. */
static inline NNValue
named_value(const char *text)
{
	return text[0] == '{' ? *json_lasting(text) : (NNValue){.type = NN_V_STRING, .string = text};
}

static inline bool
parse_objective(NNObjective *objective, NNModel *model, int output, const char *loss,
				const char *const *metrics, int n_metrics, int n_weighted, NNError *error)
{
	NNValue loss_value = {.type = NN_V_NULL};
	NNValue values[MOST_NAMES];

	if (loss != NULL)
		loss_value = named_value(loss);
	for (int i = 0; i < n_metrics && i < MOST_NAMES; i++)
		values[i] = named_value(metrics[i]);
	return nn_objective_parse(objective, model, output, loss == NULL ? NULL : &loss_value, values,
							  n_metrics, n_weighted, error);
}

#endif /* TEST_OBJECTIVE_H */
