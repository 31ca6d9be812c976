"""When people work: `working` counts by the hours, holidays and swapped days (调休) of an app's calendar, `public`
knows the holidays of countries, `teams` who works by which calendar. China's holidays come as data (`cn.json`), those
of other countries with the extra `holidays`.
"""

from lowcode.kernel.calendar.public import NoSuchCountry, Year, public_year
from lowcode.kernel.calendar.teams import Calendars, TeamCalendar
from lowcode.kernel.calendar.working import Calendar

__all__ = ["Calendar", "Calendars", "NoSuchCountry", "TeamCalendar", "Year", "public_year"]
