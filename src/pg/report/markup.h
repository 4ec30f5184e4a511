/*
 * markup.h
 *	  What plot and report share: text that is safe in SVG and HTML, and the
 *	  pictures of a model.
 *
 * Names of models and layers, labels and whatever an evaluation holds are a
 * stranger's bytes: they get into a page by nnet_markup_text() alone.
 */
#ifndef NNET_MARKUP_H
#define NNET_MARKUP_H

#include "pg/nnet.h"

#include "lib/stringinfo.h"

/* Escaped for text and for values of attributes in quotes; of other than ASCII, references. */
extern void nnet_markup_text(StringInfo page, const char *text);
/* The same of at most so many characters, the last of them an ellipsis if there are more. */
extern void nnet_markup_short(StringInfo page, const char *text, int characters);
/* A number as people read it: four digits, no exponent where it can do without. */
extern void nnet_markup_number(StringInfo page, double number);
/* 1234567 as 1,234,567 */
extern void nnet_markup_count(StringInfo page, double count);

/* ---- in plot.c ---- */

/* An SVG element: loss and metrics of all epochs of the model's history. */
extern void nnet_plot_history(StringInfo page, Oid model);

/* ---- in graph.c ---- */

/* An SVG element: the layers, and what feeds what. */
extern void nnet_plot_layers(StringInfo page, const NnetModel *model);

/* ---- in evaluation.c ---- */

/* What an evaluation says, each part under a heading of its own. */
extern void nnet_markup_evaluation(StringInfo page, const NNValue *evaluation);

#endif /* NNET_MARKUP_H */
