/*
 * page.c
 *	  nnet.report(model [, evaluation]): a model as one page of HTML.
 *
 * The page needs nothing else: no script, no font, no picture from elsewhere, and a
 * policy in its head lets none in.
 */
#include "pg/model/model.h"
#include "pg/report/markup.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(nnet_report);

static const char *const style =
	"<style>\n"
	":root{color-scheme:light dark;--paper:#ffffff;--ink:#1f2328;--faint:#59636e;--line:#d8dee4;"
	"--right:#0b62c4;--wrong:#b3470b}\n"
	"@media (prefers-color-scheme:dark){:root{--paper:#16191d;--ink:#e8eaed;--faint:#a3abb5;"
	"--line:#343a42;--right:#6cb2ff;--wrong:#ffa25e}}\n"
	"body{margin:0;background:var(--paper);color:var(--ink);"
	"font:15px/1.5 system-ui,sans-serif}\n"
	"main{max-width:60rem;margin:0 auto;padding:1.5rem}\n"
	"h1{font-size:1.7rem;margin:0 0 .3rem;overflow-wrap:anywhere}"
	"h2{font-size:1.2rem;margin:2.2rem 0 .6rem;overflow-wrap:anywhere}\n"
	".faint{color:var(--faint)}.wide{overflow-x:auto}\n"
	"table{border-collapse:collapse}th,td{padding:.25rem .7rem;text-align:left;"
	"border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}\n"
	"th{font-weight:600}.number{text-align:right;font-variant-numeric:tabular-nums;"
	"white-space:nowrap}\n"
	"tfoot td,tfoot th{border-bottom:0}\n"
	".matrix td.right{background:color-mix(in srgb,var(--right) var(--share),transparent)}"
	".matrix td.wrong{background:color-mix(in srgb,var(--wrong) var(--share),transparent)}\n"
	".bars{width:100%}.bars td:nth-child(2){width:60%}.bar{height:1.1rem;min-width:1px;"
	"border-radius:3px}.bar.right{background:var(--right)}.bar.wrong{background:var(--wrong)}\n"
	"svg{max-width:100%;height:auto}\n"
	"</style>\n";

static void
append_head(StringInfo page, const char *name)
{
	appendStringInfoString(
		page,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	nnet_markup_text(page, name);
	appendStringInfo(page, "</title>\n%s</head>\n<body>\n<main>\n<h1>", style);
	nnet_markup_text(page, name);
	appendStringInfoString(page, "</h1>\n");
}

/* ---- what it is compiled with ---- */

static void
append_fact(StringInfo page, const char *name, const char *value)
{
	appendStringInfo(page, "<tr><th>%s</th><td>", name);
	nnet_markup_text(page, value);
	appendStringInfoString(page, "</td></tr>\n");
}

static void
append_json_fact(StringInfo page, const char *name, const NNValue *value)
{
	if (value == NULL || value->type == NN_V_NULL ||
		(value->type == NN_V_ARRAY && value->count == 0))
		return;
	append_fact(page, name, value->type == NN_V_STRING ? value->string : nnet_value_to_text(value));
}

static void
append_facts(StringInfo page, const NnetModel *model)
{
	const NnetTraining *training = &model->training;

	if (!training->compiled)
	{
		appendStringInfoString(page, "<p class=\"faint\">It is not compiled.</p>\n");
		return;
	}
	appendStringInfoString(page, "<table><tbody>\n");
	append_json_fact(page, "loss", nn_value_get(training->whole, "loss"));
	append_json_fact(page, "optimizer", training->optimizer);
	append_json_fact(page, "metrics", nn_value_get(training->whole, "metrics"));
	append_json_fact(page, "labels", nn_value_get(training->whole, "labels"));
	append_fact(page, "steps of the optimizer", psprintf(INT64_FORMAT, training->steps));
	appendStringInfoString(page, "</tbody></table>\n");
}

/* ---- layers ---- */

static void
append_layer(StringInfo page, const NnetModel *model, int i)
{
	const NNLayer *layer = nn_model_layer(model->core, i);
	char shape[128];

	appendStringInfo(page, "<tr><td class=\"number\">%d</td><td>", model->layer_numbers[i]);
	nnet_markup_text(page, nn_layer_name(layer));
	appendStringInfoString(page, "</td><td>");
	nnet_markup_text(page, nn_layer_kind(layer));
	appendStringInfoString(page, "</td><td>");
	for (int k = 0; nn_layer_input(layer, k) >= 0; k++)
	{
		appendStringInfoString(page, k > 0 ? ", " : "");
		nnet_markup_text(page,
						 nn_layer_name(nn_model_layer(model->core, nn_layer_input(layer, k))));
	}
	appendStringInfoString(page, "</td><td>");
	nnet_markup_text(page, nn_shape_text(nn_layer_shape(layer), shape, sizeof(shape)));
	appendStringInfo(page, "</td><td class=\"number\">");
	nnet_markup_count(page, (double) nn_layer_params(layer).size);
	appendStringInfo(page, "</td><td>%s</td></tr>\n",
					 nn_layer_params(layer).size > 0 && !nn_layer_trainable(layer) ? "frozen" : "");
}

static void
append_total(StringInfo page, const char *what, double parameters)
{
	appendStringInfo(page, "<tr><th colspan=\"5\">%s</th><td class=\"number\">", what);
	nnet_markup_count(page, parameters);
	appendStringInfoString(page, "</td><td class=\"number\">");
	nnet_markup_text(page, nnet_bytes_text(parameters * sizeof(float)));
	appendStringInfoString(page, "</td></tr>\n");
}

static void
append_layers(StringInfo page, const NnetModel *model)
{
	NnetModelTotals totals;

	nnet_model_totals(model, &totals);
	appendStringInfoString(page,
						   "<h2>Layers</h2>\n<div class=\"wide\"><table><thead><tr><th "
						   "class=\"number\">layer</th><th>name</th><th>kind</th><th>inputs</th>"
						   "<th>output shape</th><th class=\"number\">parameters</th><th></th>"
						   "</tr></thead><tbody>\n");
	for (int i = 0; i < model->core->n_layers; i++)
	{
		nnet_check_interrupts();
		append_layer(page, model, i);
	}
	appendStringInfoString(page, "</tbody><tfoot>\n");
	append_total(page, "all parameters", (double) (totals.trainable + totals.frozen));
	append_total(page, "of these trainable", (double) totals.trainable);
	append_total(page, "not trainable", (double) totals.frozen);
	append_total(page, "state of the optimizer", (double) totals.optimizer);
	appendStringInfoString(page, "</tfoot></table></div>\n");
}

/* nnet.report(model [, evaluation]) */
Datum
nnet_report(PG_FUNCTION_ARGS)
{
	StringInfoData page;
	NnetModel *model;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	initStringInfo(&page);
	model = nnet_model_load(PG_GETARG_OID(0), NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	append_head(&page, model->name);
	append_facts(&page, model);
	append_layers(&page, model);
	appendStringInfoString(&page, "<h2>Graph</h2>\n<div class=\"wide\">");
	nnet_plot_layers(&page, model);
	appendStringInfoString(&page, "</div>\n<h2>Training</h2>\n<div class=\"wide\">");
	nnet_plot_history(&page, PG_GETARG_OID(0));
	appendStringInfoString(&page, "</div>\n");
	if (PG_NARGS() > 1 && !PG_ARGISNULL(1))
		nnet_markup_evaluation(&page, nnet_value_from_datum(PG_GETARG_DATUM(1), NULL));
	appendStringInfoString(&page, "</main>\n</body>\n</html>\n");
	MemoryContextDelete(model->context);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(page.data, page.len));
}
