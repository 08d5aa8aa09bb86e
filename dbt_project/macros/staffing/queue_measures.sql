{#- Queues by Erlang: Poisson arrivals, exponential handle times, everybody waits in one line. Times are
    in handle times. `load` is arrivals times handle time; `impatience` the handle time over the mean
    patience, exponential too (Erlang A), 0 where nobody gives up (Erlang C). All are SQL expressions. -#}

{#- Erlang B from one number of servers to the next: the share of time in which all are busy, were
    there no room to wait. -#}
{% macro queue_blocked_next(load, servers, blocked) -%}
    {{ load }} * {{ blocked }} / ({{ servers }} + {{ load }} * {{ blocked }})
{%- endmacro %}

{#- The same for a number of servers at once. -#}
{% macro queue_blocked(load, servers) -%}
    list_reduce(
        list_transform(range(1, {{ servers }} + 1), lambda n: cast(n as double)),
        lambda blocked, n: {{ load }} * blocked / (n + {{ load }} * blocked),
        cast(1 as double)
    )
{%- endmacro %}

{#- Time with all servers busy, in times of that with nobody waiting: 1 + r1 (1 + r2 (1 + …)), from
    the far end, where a longer line no longer matters. -#}
{% macro queue_tail(load, servers, impatience) -%}
    case
        when {{ impatience }} = 0 then {{ servers }} / nullif({{ servers }} - {{ load }}, 0)
        else
            list_reduce(
                list_transform(
                    range(
                        cast(
                            greatest(({{ load }} - {{ servers }}) / {{ impatience }}, 0)
                            + 10 * sqrt({{ load }} / {{ impatience }}) + 50 as bigint
                        ), 0, -1
                    ),
                    lambda n: cast(n as double)
                ),
                lambda tail, n:
                    1 + {{ load }} / ({{ servers }} + n * {{ impatience }}) * tail,
                cast(1 as double)
            )
    end
{%- endmacro %}

{#- Time with all servers busy and nobody waiting. -#}
{% macro queue_full_share(blocked, tail) -%}
    {{ blocked }} / (1 + {{ blocked }} * ({{ tail }} - 1))
{%- endmacro %}

{#- Share of the contacts that come which are answered within `wait`; by Simpson's rule, whose error
    at 20 steps is below 1e-6 for waits of a few handle times. -#}
{% macro queue_answered_share(load, servers, impatience, wait, full_share, tail) -%}
    1 - {{ full_share }} * {{ tail }}
    + {{ full_share }} * {{ servers }} * {{ wait }} / 60.0 * list_sum(
        list_transform(
            range(21),
            lambda n:
                case when n in (0, 20) then 1 when n % 2 = 1 then 4 else 2 end
                * exp(
                    {{ load }} * case
                        when {{ impatience }} = 0 then {{ wait }} * n / 20.0
                        else
                            (1 - exp(-{{ impatience }} * {{ wait }} * n / 20.0))
                            / nullif({{ impatience }}, 0)
                    end
                    - ({{ servers }} + {{ impatience }}) * {{ wait }} * n / 20.0
                )
        )
    )
{%- endmacro %}
