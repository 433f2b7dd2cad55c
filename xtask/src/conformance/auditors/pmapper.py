"""PMapper, on a Python that has the abstract classes of collections elsewhere than PMapper looks."""

import collections
import collections.abc
import sys

collections.Mapping = collections.abc.Mapping
collections.MutableMapping = collections.abc.MutableMapping

from principalmapper.__main__ import main  # noqa: E402

sys.exit(main())
