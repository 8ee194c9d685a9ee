/* The decision kernel of one actor-day in C: two-stage quantal response over a menu, as sim.rules.choose.quantal.
 * The layout of an option, the order of every sum and the steps are the rule's, so that the same option is chosen. */
#include <math.h>
#include <stdint.h>

enum { CLASSES = 10, TERMS = 15 };
static const double LOWEST = -1e300;

typedef struct {
    int64_t feasible, kind, target;
    double utility, class_best, chance, terms[TERMS];
} option;

static void best_by_class(option *o, int64_t first, int64_t last) {
    for (int k = 0; k < CLASSES; k++) o[k].class_best = LOWEST;
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1 && o[a].utility > o[o[a].kind].class_best) o[o[a].kind].class_best = o[a].utility;
}

static int64_t draw_class(const option *o, double precision, double u) {
    double top = LOWEST, total = 0.0, reached = 0.0;
    int64_t chosen = 0;
    for (int k = 0; k < CLASSES; k++)
        if (o[k].class_best > top) top = o[k].class_best;
    for (int k = 0; k < CLASSES; k++)
        if (o[k].class_best > LOWEST) total += exp(precision * (o[k].class_best - top));
    for (int k = 0; k < CLASSES; k++)
        if (o[k].class_best > LOWEST) {
            reached += exp(precision * (o[k].class_best - top));
            chosen = k;
            if (u * total < reached) return chosen;
        }
    return chosen;
}

static int64_t draw_instance(const option *o, int64_t first, int64_t last, int64_t kind, double precision, double u) {
    double top = o[kind].class_best, total = 0.0, reached = 0.0;
    int64_t chosen = -1;
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1 && o[a].kind == kind) total += exp(precision * (o[a].utility - top));
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1 && o[a].kind == kind) {
            reached += exp(precision * (o[a].utility - top));
            chosen = a;
            if (u * total < reached) return chosen;
        }
    return chosen;
}

/* Choose `rounds` times from each of `n` tables of `rows` options; `u` holds two uniforms a table. The sum of rows. */
int64_t choose_many(option *tables, int64_t rows, const double *u, int64_t n, int64_t rounds, int64_t first,
                    int64_t last, double precision, double sharper) {
    int64_t sum = 0;
    for (int64_t r = 0; r < rounds; r++)
        for (int64_t k = 0; k < n; k++) {
            option *o = tables + k * rows;
            best_by_class(o, first, last);
            int64_t kind = draw_class(o, precision, u[2 * k]);
            sum += draw_instance(o, first, last, kind, sharper * precision, u[2 * k + 1]);
        }
    return sum;
}
