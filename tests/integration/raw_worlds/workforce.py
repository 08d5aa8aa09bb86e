"""Workforce sheets, sound, and one way to break each rule on them."""

from __future__ import annotations

from tests.integration.raw_worlds.case import RawCase, set_in

CASES = [
    RawCase(
        "workforce",
        {
            "roster": [
                {
                    "employee_no": "17",
                    "full_name": "Ada",
                    "team": "T",
                    "valid_from": "2026-01-01",
                    "hired_on": "2024-01-01",
                }
            ],
            "logins": [
                {"employee_no": "17", "system": "chitu", "login": "ada", "valid_from": "2026-01-01"}
            ],
            "shifts": [
                {
                    "employee_no": "17",
                    "full_name": "Ada",
                    "shift_date": "2026-10-05",
                    "shift_name": "early",
                    "planned_hours": "8",
                }
            ],
            "trainings": [
                {
                    "employee_no": "17",
                    "course_id": "T1",
                    "started_on": "2026-10-01",
                    "completed_on": "2026-10-05",
                    "hours": "8",
                }
            ],
            "exams": [
                {
                    "employee_no": "17",
                    "course_id": "T1",
                    "exam_kind": "after",
                    "attempt_no": "1",
                    "score": "80",
                    "correct_answers": "40",
                    "questions": "50",
                    "sat_on": "2026-10-05",
                }
            ],
            "employee_survey": [
                {
                    "survey_id": "1",
                    "respondent": "0123456789abcdef0123456789abcdef",
                    "question": "q",
                    "dimension": "d",
                    "team": "T",
                    "score": "4",
                    "asked_on": "2026-10-05",
                }
            ],
            "hr_events": [{"employee_no": "17", "event_type": "离职", "event_on": "2026-10-05"}],
        },
        {
            "workforce__roster_leaves_after_joining": set_in(
                "workforce", "roster", "left_on = '2023-01-01'"
            ),
            "workforce__roster_one_team_at_a_time": "insert into raw.workforce__roster"
            " by name select * replace ('U' as team) from raw.workforce__roster",
            "workforce__logins_a_login_has_one_owner_at_a_time": "insert into raw.workforce__logins"
            " by name select * replace ('18' as employee_no) from raw.workforce__logins",
            "workforce__shifts_hours_of_a_day": set_in(
                "workforce", "shifts", "planned_hours = '80'"
            ),
            "workforce__trainings_ends_after_its_start": set_in(
                "workforce", "trainings", "completed_on = '2026-09-01'"
            ),
            "workforce__exams_correct_answers_within_the_questions": set_in(
                "workforce", "exams", "correct_answers = '60'"
            ),
            "workforce__employee_survey_respondents_are_pseudonyms": set_in(
                "workforce", "employee_survey", "respondent = 'ada'"
            ),
            "workforce__hr_events_events_known": set_in(
                "workforce", "hr_events", "event_type = 'vanished'"
            ),
        },
    ),
]
