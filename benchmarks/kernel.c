/* The decision kernel of one actor-day in C: two-stage quantal response over a menu, as sim.rules.choose.quantal. */
#include <math.h>
#include <stdint.h>

#define CLASSES 10
#define LOWEST -1e300

static int64_t choose(const int64_t *feasible, const int64_t *kind, const double *utility, int64_t n, double precision,
                      double u_class, double u_instance) {
    double best[CLASSES];
    for (int k = 0; k < CLASSES; k++) best[k] = LOWEST;
    for (int64_t a = 0; a < n; a++)
        if (feasible[a] && utility[a] > best[kind[a]]) best[kind[a]] = utility[a];
    double top = LOWEST;
    for (int k = 0; k < CLASSES; k++) top = best[k] > top ? best[k] : top;
    double total = 0.0;
    for (int k = 0; k < CLASSES; k++)
        if (best[k] > LOWEST) total += exp(precision * (best[k] - top));
    double reached = 0.0;
    int chosen = 0;
    for (int k = 0; k < CLASSES; k++)
        if (best[k] > LOWEST) {
            reached += exp(precision * (best[k] - top));
            chosen = k;
            if (u_class * total < reached) break;
        }
    double sharp = 2.0 * precision, sum = 0.0;
    for (int64_t a = 0; a < n; a++)
        if (feasible[a] && kind[a] == chosen) sum += exp(sharp * (utility[a] - best[chosen]));
    reached = 0.0;
    int64_t option = -1;
    for (int64_t a = 0; a < n; a++)
        if (feasible[a] && kind[a] == chosen) {
            reached += exp(sharp * (utility[a] - best[chosen]));
            option = a;
            if (u_instance * sum < reached) break;
        }
    return option;
}

int64_t choose_many(const int64_t *feasible, const int64_t *kind, const double *utility, const double *uniforms,
                    int64_t n, int64_t days, double precision) {
    int64_t sum = 0;
    for (int64_t d = 0; d < days; d++)
        sum += choose(feasible + d * n, kind + d * n, utility + d * n, n, precision, uniforms[2 * d],
                      uniforms[2 * d + 1]);
    return sum;
}
