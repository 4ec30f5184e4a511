/*
 * layer_text.c
 *	  Text vectorization: what the caller learns of the options, which shapes
 *	  come out or are refused; ids pass as they are.
 */
#include <stdlib.h>
#include <string.h>

#include "core/layers/layer.h"
#include "core/nn_reading.h"
#include "test/unit/json.h"
#include "test/unit/unit.h"

/* input, text_vectorization and a layer that shows the ids */
static bool
build(NNModel *model, const char *input, const char *text, NNError *error)
{
	const char *kinds[] = {"input", "text_vectorization", "rescaling"};
	const char *configs[] = {input, text, "{\"scale\": 1}"};
	bool added = true;

	nn_model_begin(model, 3);
	for (int i = 0; i < 3 && added; i++)
	{
		NNValue *config = json_parse(configs[i]);

		added = nn_model_add(model, kinds[i], NULL, NULL, -1, config, error);
		json_free(config);
	}
	return added && nn_model_finish(model, error);
}

static void
check_shape(const char *input, const char *text, int steps, const char *refusal)
{
	NNModel *model = malloc(nn_model_bytes(3));
	NNError error = {.code = NN_OK};
	bool built = build(model, input, text, &error);

	if (refusal == NULL)
		CHECK(built && model->layers[1].out.rank == 1 && model->layers[1].out.dim[0] == steps &&
				  model->n_params == 0,
			  "%s of %s %s", text, input, error.message);
	else
		CHECK(!built && strstr(error.message, refusal) != NULL && error.hint[0] != '\0',
			  "%s of %s is refused: %s", text, input, error.message);
	free(model);
}

static void
check_options(const char *text, NNTextOptions expected)
{
	NNModel *model = malloc(nn_model_bytes(3));
	NNError error = {.code = NN_OK};
	NNReading reading = {0};
	const NNTextOptions *options = &reading.text;

	CHECK(build(model, "{\"shape\": [null]}", text, &error) &&
			  nn_layer_reading(&model->layers[1], &reading) && reading.as == NN_READ_TOKENS &&
			  options->lower == expected.lower &&
			  options->strip_punctuation == expected.strip_punctuation &&
			  options->characters == expected.characters &&
			  options->max_tokens == expected.max_tokens,
		  "options of %s %s", text, error.message);
	CHECK(!nn_layer_reading(&model->layers[0], &reading) &&
			  !nn_layer_reading(&model->layers[2], &reading),
		  "only text vectorization has them");
	free(model);
}

static void
check_ids(void)
{
	NNModel *model = malloc(nn_model_bytes(3));
	NNError error = {.code = NN_OK};
	NNPlan *plan;
	NNPlanRequest request = {.batch = 1, .steps = {{4}}, .threads = 1};
	nn_real x[4] = {2, 0, 16000000, 1};
	nn_real y[4] = {0};
	NNRun run = {.model = model};
	void *block;

	CHECK(build(model, "{\"shape\": [null]}", "{}", &error), "a model of ids");
	plan = malloc(nn_plan_bytes(model));
	CHECK(nn_plan_make(plan, model, &request, &error), "a plan for four tokens %s", error.message);
	block = aligned_alloc(NN_ALIGN, (nn_plan_workspace(plan) / NN_ALIGN + 1) * NN_ALIGN);
	run.plan = plan;
	run.workspace = block;
	nn_predict_one(&run, x, y);
	CHECK(memcmp(x, y, sizeof(x)) == 0, "ids pass as they are");
	free(block);
	free(plan);
	free(model);
}

int
main(void)
{
	check_shape("{\"shape\": [null]}", "{}", NN_ANY, NULL);
	check_shape("{\"shape\": [7]}", "{}", 7, NULL);
	check_shape("{\"shape\": [7]}", "{\"output_sequence_length\": 7}", 7, NULL);
	check_shape("{\"shape\": [null]}", "{\"output_sequence_length\": 7}", 0,
				"output_sequence_length is 7");
	check_shape("{\"shape\": [6]}", "{\"output_sequence_length\": 7}", 0,
				"output_sequence_length is 7");
	check_shape("{\"shape\": [null, 3]}", "{}", 0, "one dimension");
	check_shape("{\"shape\": [null]}", "{\"standardize\": \"upper\"}", 0, "\"upper\"");
	check_shape("{\"shape\": [null]}", "{\"tokens\": 3}", 0, "\"tokens\"");
	check_options("{}", (NNTextOptions){false, false, false, 0});
	check_options("{\"standardize\": \"lower_and_strip_punctuation\", \"max_tokens\": 9}",
				  (NNTextOptions){true, true, false, 9});
	check_options("{\"standardize\": \"lower\", \"split\": \"character\"}",
				  (NNTextOptions){true, false, true, 0});
	check_options("{\"standardize\": \"strip_punctuation\", \"vocabulary\": [\"a\"]}",
				  (NNTextOptions){false, true, false, 0});
	check_ids();
	return unit_done();
}
