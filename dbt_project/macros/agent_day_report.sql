{#- A seller tool's report of agents by day as one row a figure. A figure that was not computed yet
    is no row, and the newest reading of each figure counts: a report loaded again later, or one with
    other columns, adds to the first. `agent` and the others are expressions over the raw columns. -#}
{% macro agent_day_report(
    system, report, relation, metrics, agent,
    login='cast(null as text)', shop='_account_id', department='cast(null as text)'
) %}
    with cells as (

        select
            _account_id,
            {{ shop }} as shop,
            regexp_replace({{ agent }}, '[(（]推算[)）]$', '') as agent_name,
            {{ login }} as agent_login,
            {{ department }} as department,
            coalesce(regexp_matches({{ agent }}, '[(（]推算[)）]$'), false) as is_estimated,
            cast(report_date as date) as local_date,
            metric_code,
            value_text,
            _version_at,
            _row_hash,
            _extracted_at
        from {{ relation }}
        unpivot (value_text for metric_code in ({{ metrics | join(', ') }}))

    )

    select
        '{{ system }}' as source_system,
        _account_id as account_id,
        shop,
        '{{ report }}' as report,
        coalesce(agent_login, agent_name) as agent_id,
        agent_name,
        department,
        metric_code,
        cast(value_text as decimal(18, 6)) as value,
        is_estimated,
        local_date,
        _extracted_at as extracted_at
    from cells
    qualify row_number() over (
        partition by
            _account_id,
            shop,
            coalesce(agent_login, agent_name),
            department,
            metric_code,
            is_estimated,
            local_date
        order by _version_at desc nulls last, _row_hash
    ) = 1
{%- endmacro %}
