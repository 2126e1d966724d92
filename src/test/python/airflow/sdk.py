"""Of Airflow what the sample in the quick start uses: a DAG whose sensors are asked once, as it is built."""


def dag(**arguments):
    return lambda build: build


class task:
    @staticmethod
    def sensor(*, mode, poke_interval, timeout):
        def decorate(poke):
            def ask():
                if poke() is not True:
                    raise SystemExit(poke.__name__ + " would wait")

            return ask

        return decorate
