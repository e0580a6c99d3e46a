#pragma once

#include <clairgate/io/task.hpp>
