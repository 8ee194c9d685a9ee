/* The decision kernel of one actor-day in C: two-stage quantal response over a menu, as in sim.rules.choose.
 * The layout of an option, the order of every sum and the steps are the rule's, so that the same option is chosen. */
#include <math.h>
#include <stdint.h>

enum { CLASSES = 10, TERMS = 15 };
static const double LOWEST = -1e300;

typedef struct {
    int64_t feasible, kind, target;
    double utility, chance, class_best, class_sum, terms[TERMS];
} option;

static void quantal(option *o, int64_t first, int64_t last, double precision, double sharper) {
    double top = LOWEST, total = 0.0;
    for (int k = 0; k < CLASSES; k++) o[k].class_best = LOWEST, o[k].class_sum = 0.0;
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1 && o[a].utility > o[o[a].kind].class_best) o[o[a].kind].class_best = o[a].utility;
    for (int k = 0; k < CLASSES; k++)
        if (o[k].class_best > top) top = o[k].class_best;
    for (int64_t a = first; a < last; a++) {
        o[a].chance = 0.0;
        if (o[a].feasible == 1) {
            o[a].chance = exp(sharper * (o[a].utility - o[o[a].kind].class_best));
            o[o[a].kind].class_sum += o[a].chance;
        }
    }
    for (int k = 0; k < CLASSES; k++)
        if (o[k].class_best > LOWEST) {
            double share = exp(precision * (o[k].class_best - top));
            total += share;
            o[k].class_sum = share / o[k].class_sum;
        }
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1) o[a].chance *= o[o[a].kind].class_sum / total;
}

static int64_t draw(option *o, int64_t first, int64_t last, double u_class, double u_instance) {
    double reached = 0.0;
    int64_t kind = -1, chosen = -1;
    for (int k = 0; k < CLASSES; k++) o[k].class_sum = 0.0;
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1) o[o[a].kind].class_sum += o[a].chance;
    for (int k = 0; k < CLASSES; k++)
        if (o[k].class_sum > 0.0) {
            reached += o[k].class_sum;
            kind = k;
            if (u_class < reached) break;
        }
    if (kind < 0) return -1;
    reached = 0.0;
    for (int64_t a = first; a < last; a++)
        if (o[a].feasible == 1 && o[a].kind == kind && o[a].chance > 0.0) {
            reached += o[a].chance;
            chosen = a;
            if (u_instance * o[kind].class_sum < reached) return chosen;
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
            quantal(o, first, last, precision, sharper * precision);
            sum += draw(o, first, last, u[2 * k], u[2 * k + 1]);
        }
    return sum;
}
