"""People: workforce sheets, quality reviews, surveys, costs and targets."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from tests.integration.vendor_files import Rows, write_text, write_workbook


def write(inbox: Path) -> None:
    workforce = inbox / "workforce/hr"
    # The day from which a roster holds is in its name only.
    write_workbook(workforce / "花名册_2026-01-01.xlsx", {"花名册": ROSTER}, "2026-01-01")
    write_workbook(workforce / "花名册_2026-03-01.xlsx", {"花名册": ROSTER_MARCH}, "2026-03-01")
    write_text(workforce / "logins.csv", LOGINS)
    write_workbook(workforce / "排班.xlsx", {"排班": SHIFTS})
    write_text(workforce / "trainings.csv", TRAININGS, "gb18030")
    write_text(workforce / "exams.csv", EXAMS)
    write_text(workforce / "employee_survey.csv", EMPLOYEE_SURVEY)
    write_text(workforce / "hr_events.csv", HR_EVENTS)
    write_text(inbox / "quality/qa/reviews_1.csv", REVIEWS)
    write_text(inbox / "quality/qa/reviews_2.csv", REVIEWS_APPEALED)
    write_text(inbox / "surveys/tool/responses.csv", RESPONSES)
    write_text(inbox / "surveys/tool/nps_march.csv", NPS)
    write_text(inbox / "costs/ledger/costs.csv", COSTS)
    write_text(inbox / "targets/plan/targets.csv", TARGETS)
    write_text(inbox / "targets/plan/benchmarks.csv", BENCHMARKS)


ROSTER: Rows = [
    ["工号", "姓名", "部门", "组别", "级别", "入职日期", "离职日期", "手机"],
    ["0017", "王芳", "客服部", "售后一组", "P4", "2024-05-06", "", "13800138000"],
    ["0018", "李雷", "客服部", "售前组", "P3", "2025-01-02", "", "13800138001"],
    ["0019", "李雷", "客服部", "售后一组", "P2", "2025-03-03", "2026-02-10", "13800138002"],
]
ROSTER_MARCH: Rows = [
    ["工号", "姓名", "部门", "组别", "级别", "入职日期", "离职日期", "手机"],
    ["0017", "王芳", "客服部", "售前组", "P5", "2024-05-06", "", "13800138000"],
]

LOGINS = """\
Employee No,System,Account,Login,Valid from,Valid to
0017,chitu,旗舰店,小美,2026-01-01,
0017,amazon_connect,desk,ada,2026-01-01,2026-03-31
"""

# A night shift, a rest day without times, a name that two people had, and one that nobody has.
SHIFTS: Rows = [
    ["员工姓名", "排班日期", "上班", "下班", "时数", "班别"],
    ["王芳", "2026-03-02", time(9, 0), time(18, 0), 8, "早班"],
    ["王芳", "2026-03-02", time(22, 0), time(2, 0), 4, "夜班"],
    ["王芳", "2026-03-03", "", "", 0, "休"],
    ["李雷", "2026-02-01", time(9, 0), time(18, 0), 8, "早班"],
    ["李雷", "2026-03-02", time(9, 0), time(18, 0), 8, "早班"],
    ["韩梅梅", "2026-03-02", time(9, 0), time(18, 0), 8, "早班"],
]

TRAININGS = """\
工号,课程编号,课程名称,开始日期,完成日期,培训时长(小时)
0017,T1,售后话术,2026-02-01,2026-02-20,12.5
"""

EXAMS = """\
Employee No,Course ID,Exam,Attempt,Sat on,Score,Pass score,Correct answers,Questions,Passed
0017,T1,前测,1,2026-02-01,62,80,31,50,
0017,T1,后测,1,2026-02-20,89,80,44,50,
0018,T1,复试,2,2026-02-25,70,80,35,50,Y
"""

EMPLOYEE_SURVEY = """\
Survey ID,Respondent,Question,Dimension,Asked on,Team,Score,Name
2026Q1,canary@staff.invalid,办公环境,环境,2026-03-31,售前组,4,Canary
2026Q1,canary@staff.invalid,愿意推荐,eNPS,2026-03-31,售前组,9,Canary
"""

HR_EVENTS = """\
Employee No,Event,Event on,Team,Voluntary,Trainee,Reason
0019,离职,2026-02-10,售后一组,Y,N,canary
0018,入职,2025-01-02,售前组,,,
"""

# Deductions are negative in one row and positive in the other; the review was appealed later.
REVIEWS = """\
record_id,kf_id,qc_user_id,session_id,qc_type,qc_level,qc_score,kf_is_solve,is_example,\
扣分原因1,扣分1,扣分原因2,扣分2,加分原因1,加分1,create_time,comments,is_del,会话内容
R1,0017,Q1,90001,售后,B,85,1,0,未核对地址,-10,语气生硬,-5,,,2026-03-02 10:00:00,canary,0,canary
R2,0018,Q1,90002,售前,C,95,0,1,漏答,5,,,主动跟进,2,2026-03-02 11:00:00,canary,1,
"""
REVIEWS_APPEALED = """\
record_id,kf_id,qc_user_id,session_id,qc_type,qc_level,qc_score,kf_is_solve,is_example,\
扣分原因1,扣分1,扣分原因2,扣分2,加分原因1,加分1,create_time,update_time,申诉状态,is_del
R1,0017,Q1,90001,售后,A,95,1,0,,,语气生硬,-5,,,2026-03-02 10:00:00,2026-03-04 09:00:00,通过,0
"""

# A reminder repeats the id; the anonymous answer has no ticket; in the last one 1 is the best.
RESPONSES = """\
Response ID,Survey type,Ticket system,Ticket account,Ticket ID,Email,Sent at,Answered at,Score,\
Scale min,Scale max,Best is high,Comment
1,CSAT,zendesk,main,42,canary@mail.invalid,2026-03-01 10:00:00,,,,,,
1,CSAT,zendesk,main,42,canary@mail.invalid,2026-03-03 10:00:00,2026-03-03 12:00:00,4,,,,canary
2,CSAT,,,,,,2026-03-02T08:00:00+08:00,2,,,,
3,CES,,,,canary@mail.invalid,2026-03-01 10:00:00,2026-03-01 11:00:00,6,,,,
4,CSAT,zendesk,main,43,,2026-03-01 10:00:00,,,,,,
5,CSAT,,,,,2026-03-01 10:00:00,2026-03-01 10:05:00,1,1,6,N,
"""
# The kind is in the name of the file only.
NPS = """\
Response ID,Contact,Sent at,Answered at,Score
n9,canary_buyer,2026-03-01 10:00:00,2026-03-02 10:00:00,9
n8,,2026-03-01 10:00:00,2026-03-02 10:00:00,8
n6,,2026-03-01 10:00:00,2026-03-02 10:00:00,6
"""

COSTS = """\
Entry ID,Booked on,Cost type,Department,Channel,Service cost,Amount,Currency,Payee
1,2026-03-31,salaries,客服部,,Y,"120,000.50",cny,Canary
2,2026-03-31,rent,行政部,,N,80000,CNY,Canary
,,Total,,,,200000.50,,
"""

TARGETS = """\
KPI,Grain,Member,Valid from,Valid to,Target,Baseline,Baseline kind,Weight,Unit,Owner,Due on
csat_score,total,total,2026-01-01,,0.90,0.85,own history,30,rate,ops,2026-12-31
csat_score,total,total,2026-04-01,,0.92,,,30,rate,ops,
avg_response_time,team,售前组,2026-01-01,2026-03-31,30,,,20,seconds,ops,
"""

BENCHMARKS = """\
KPI,Benchmark set,Company,As of,Value,Unit,Source
csat_score,leaders 2026,A,2026-01-01,0.95,rate,report
"""
