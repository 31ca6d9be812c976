"""Testing an app, by stories that are definitions themselves: people act, time passes, and something must be so.

`tests/<name>.test.json` in an app's folder is one story (`definition`). It is told in a little `world`: a host on a
database of its own (in memory, or one that is given), a clock that only the story moves, the app's own people. Steps go
through operations like everybody else's (`actions`); what must be so is asked as the person named (`expectations`) and
compared by value (`matching`). After every step all work behind it is done; work that fails fails the story.

`lowcode test APP` runs them; so does pytest:

    @pytest.mark.parametrize("story", stories("examples/crm_app"), ids=str)
    def test_story(story: Story) -> None:
        story.check()
"""

from lowcode.kernel.clock import FrozenClock
from lowcode.testing.definition import AppTest
from lowcode.testing.runner import Outcome, Story, stories
from lowcode.testing.world import World

__all__ = ["AppTest", "FrozenClock", "Outcome", "Story", "World", "stories"]
